import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Service } from '../../api/generated/schema.ts'
import { descriptorQuery, productsQuery } from '../../api/queries.ts'
import { Difference } from '../../form/difference.tsx'
import { toInstanceXml } from '../../form/instance-xml.ts'
import { ParameterEditor } from '../../form/parameter-editor.tsx'
import type { TextMap } from '../../form/wire.ts'
import { useText } from '../../text/text.ts'
import { Section } from '../../ui/page.tsx'
import { Loading } from '../../ui/states.tsx'
import { useSaveService } from './save-service.ts'

/** Parameters and release of a service; what saving changes is shown before. */
export function EditParameters({ service }: { readonly service: Service }) {
  const t = useText()
  const [releaseUrl, setReleaseUrl] = useState(service.releaseUrl)
  const [base, setBase] = useState(service.parameters)
  const [parameters, setParameters] = useState<TextMap>(service.parameters)
  /** Of what the editor began with. */
  const [version, setVersion] = useState(0)
  const [problem, setProblem] = useState<string | undefined>()
  const descriptor = useQuery(descriptorQuery(releaseUrl))
  const products = useQuery(productsQuery)
  const releases =
    products.data?.find((product) => product.releases.some((item) => item.url === service.releaseUrl))?.releases ?? []
  const save = useSaveService(service)
  const form = descriptor.data?.forms.find(
    (item) => item.shared === service.shared && sameType(item.softwareType, service.softwareType),
  )
  // Somebody else, or this save, changed it: what was not touched here follows.
  if (!same(base, service.parameters)) {
    setBase(service.parameters)
    if (same(parameters, base)) {
      setParameters(service.parameters)
      setVersion(version + 1)
    }
  }
  const before = `release ${service.releaseUrl}\n${toInstanceXml(service.parameters)}`
  const after = `release ${releaseUrl}\n${toInstanceXml(parameters)}`
  const changed = before !== after
  return (
    <div className="stack">
      {releases.length > 0 && (
        <NativeSelect
          label={t('Release')}
          w={360}
          maw="100%"
          value={releaseUrl}
          data={releases.map((item) => ({
            value: item.url,
            label:
              item.url === service.releaseUrl
                ? t('{version} (in use)', { version: item.version })
                : item.version || item.url,
          }))}
          onChange={(event) => setReleaseUrl(event.currentTarget.value)}
        />
      )}
      <div className="card">
        {descriptor.isLoading ? (
          <Loading />
        ) : (
          <ParameterEditor
            key={version}
            form={form}
            value={parameters}
            onChange={(next, found) => {
              setParameters(next)
              setProblem(found)
            }}
          />
        )}
      </div>
      {changed && (
        <Section title={t('What changes')}>
          <Difference before={before} after={after} />
          <div className="row">
            <Button
              loading={save.isPending}
              disabled={problem !== undefined}
              onClick={() => save.mutate({ parameters, releaseUrl })}
            >
              {t('Save')}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setParameters(service.parameters)
                setVersion(version + 1)
                setReleaseUrl(service.releaseUrl)
                setProblem(undefined)
              }}
            >
              {t('Undo')}
            </Button>
            {problem !== undefined && (
              <span className="problem" role="alert">
                {problem}
              </span>
            )}
          </div>
        </Section>
      )}
    </div>
  )
}

const same = (a: TextMap, b: TextMap) => JSON.stringify(a) === JSON.stringify(b)

/** `RootSoftwareInstance` is the wire's old name of the type `default`. */
const sameType = (a: string, b: string) => plain(a) === plain(b)
const plain = (type: string) => (type === 'RootSoftwareInstance' ? 'default' : type)

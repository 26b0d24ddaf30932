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
  const present = wantedOf(service)
  const [base, setBase] = useState(present)
  const [wanted, setWanted] = useState(present)
  /** Somebody saved something else while this was edited. */
  const [foreign, setForeign] = useState(false)
  const { releaseUrl, parameters } = wanted
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
  const begin = () => {
    setWanted(present)
    setVersion(version + 1)
    setProblem(undefined)
    setForeign(false)
  }
  // Somebody else, or this save, changed it: what was not touched here follows.
  if (!same(base, present)) {
    setBase(present)
    if (same(wanted, base)) begin()
    else if (!same(wanted, present)) setForeign(true)
  }
  const [before, after] = [textOf(present), textOf(wanted)]
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
          onChange={(event) => setWanted({ ...wanted, releaseUrl: event.currentTarget.value })}
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
              setWanted({ ...wanted, parameters: next })
              setProblem(found)
            }}
          />
        )}
      </div>
      {changed && (
        <Section title={t('What changes')}>
          <Difference before={before} after={after} />
          {foreign && (
            <div className="card row" role="alert">
              <span>{t('Somebody saved something else meanwhile. This is compared with it.')}</span>
              <Button size="compact-xs" variant="default" onClick={() => setForeign(false)}>
                {t('Keep mine')}
              </Button>
              <Button size="compact-xs" variant="default" onClick={begin}>
                {t('Take theirs')}
              </Button>
            </div>
          )}
          <div className="row">
            <Button
              loading={save.isPending}
              disabled={problem !== undefined || foreign}
              onClick={() => save.mutate(wanted)}
            >
              {t('Save')}
            </Button>
            <Button variant="default" onClick={begin}>
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

interface Wanted {
  readonly releaseUrl: string
  readonly parameters: TextMap
}

const wantedOf = ({ releaseUrl, parameters }: Service): Wanted => ({ releaseUrl, parameters })
const textOf = ({ releaseUrl, parameters }: Wanted) => `release ${releaseUrl}\n${toInstanceXml(parameters)}`
const same = (a: Wanted, b: Wanted) => textOf(a) === textOf(b)

/** `RootSoftwareInstance` is the wire's old name of the type `default`. */
const sameType = (a: string, b: string) => plain(a) === plain(b)
const plain = (type: string) => (type === 'RootSoftwareInstance' ? 'default' : type)

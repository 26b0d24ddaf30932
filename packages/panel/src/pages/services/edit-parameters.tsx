import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Service } from '../../api/generated/schema.ts'
import { descriptorQuery, productsQuery } from '../../api/queries.ts'
import { requestCommand } from '../../form/command-line.ts'
import { Difference } from '../../form/difference.tsx'
import { ParameterEditor } from '../../form/parameter-editor.tsx'
import type { TextMap } from '../../form/wire.ts'
import { useText } from '../../text/text.ts'
import { useDraft } from '../../ui/draft.ts'
import { InAShell } from '../../ui/in-a-shell.tsx'
import { Section } from '../../ui/page.tsx'
import { Loading } from '../../ui/states.tsx'
import { asText } from './as-text.ts'
import { Effect } from './effect.tsx'
import { useSaveService } from './save-service.ts'

/**
 * Parameters and release of a service; what saving changes, and what that does, is shown before. What is typed survives
 * a reload, together with what it began from: what somebody else saved meanwhile is told then, too.
 */
export function EditParameters({ service }: { readonly service: Service }) {
  const t = useText()
  const present = wantedOf(service)
  const [draft, setDraft, forget] = useDraft<Draft>(`change ${service.reference}`, { base: present, wanted: present })
  const { base, wanted } = draft
  const { releaseUrl, parameters } = wanted
  /** Somebody saved something else while this was edited. */
  const foreign = !same(base, present) && !same(wanted, present) && !same(wanted, base)
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
  const keep = (next: Draft) => {
    setDraft(next)
    if (same(next.base, next.wanted)) forget()
  }
  const begin = () => {
    keep({ base: present, wanted: present })
    setVersion(version + 1)
    setProblem(undefined)
  }
  // Somebody else, or this save, changed it: what was not touched here follows.
  if (!same(base, present) && !foreign) begin()
  const [before, after] = [asText(present), asText(wanted)]
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
                ? t('{version} (in use)', { version: item.version || item.url })
                : item.version || item.url,
          }))}
          onChange={(event) => keep({ base, wanted: { ...wanted, releaseUrl: event.currentTarget.value } })}
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
              keep({ base, wanted: { ...wanted, parameters: next } })
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
              <span>{t('Somebody else saved a change in the meantime. Yours is compared with it.')}</span>
              <Button size="compact-xs" variant="default" onClick={() => keep({ base: present, wanted })}>
                {t('Keep mine')}
              </Button>
              <Button size="compact-xs" variant="default" onClick={begin}>
                {t('Take theirs')}
              </Button>
            </div>
          )}
          <Effect service={service} releaseUrl={releaseUrl} />
          <InAShell commands={[requestCommand({ ...service, ...wanted, state: service.desired })]} />
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

interface Draft {
  readonly base: Wanted
  readonly wanted: Wanted
}

const wantedOf = ({ releaseUrl, parameters }: Service): Wanted => ({ releaseUrl, parameters })
const same = (a: Wanted, b: Wanted) => asText(a) === asText(b)

/** `RootSoftwareInstance` is the wire's old name of the type `default`. */
const sameType = (a: string, b: string) => plain(a) === plain(b)
const plain = (type: string) => (type === 'RootSoftwareInstance' ? 'default' : type)

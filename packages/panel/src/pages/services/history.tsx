import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { EarlierVersion, Service } from '../../api/generated/schema.ts'
import { earlierVersionsQuery } from '../../api/queries.ts'
import { Difference } from '../../form/difference.tsx'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { SubjectAudit } from '../../ui/subject-audit.tsx'
import { Table } from '../../ui/table.tsx'
import { asText } from './as-text.ts'
import { Effect } from './effect.tsx'
import { useSaveService } from './save-service.ts'

/** Who did what, and what was asked for before: it can be compared, and asked for again. */
export function ServiceHistory({ service }: { readonly service: Service }) {
  const t = useText()
  const versions = useQuery(earlierVersionsQuery(service.reference))
  const [chosen, setChosen] = useState<EarlierVersion | undefined>()
  return (
    <div className="stack">
      {service.desired !== 'destroyed' && (
        <Section title={t('Earlier parameters and releases')}>
          <Loaded query={versions}>
            {(rows) =>
              rows.length === 0 ? (
                <Empty title={t('Nothing was changed since it was requested')} />
              ) : (
                <Table
                  label={t('Earlier parameters and releases')}
                  rows={rows}
                  rowKey={(row) => row.id}
                  columns={[
                    { title: t('In use until'), cell: (row) => <Ago at={row.until} /> },
                    { title: t('Changed by'), cell: (row) => row.replacedBy },
                    { title: t('Release'), cell: (row) => row.version || <code>{row.releaseUrl}</code> },
                    {
                      title: t('Action'),
                      end: true,
                      cell: (row) => (
                        <Button size="compact-xs" variant="default" onClick={() => setChosen(row)}>
                          {t('Compare')}
                        </Button>
                      ),
                    },
                  ]}
                />
              )
            }
          </Loaded>
        </Section>
      )}
      <Section title={t('What happened')}>
        <SubjectAudit subject={service.reference} />
      </Section>
      {chosen && <Restore service={service} version={chosen} close={() => setChosen(undefined)} />}
    </div>
  )
}

function Restore({ service, version, close }: { service: Service; version: EarlierVersion; close: () => void }) {
  const t = useText()
  const save = useSaveService(service, close)
  const { releaseUrl, softwareType, parameters, filter } = version
  const [before, after] = [asText(service), asText(version)]
  return (
    <Dialog opened onClose={close} title={t('Back to an earlier version')} size={720}>
      <div className="stack">
        <Difference before={before} after={after} />
        {before !== after && <Effect service={service} releaseUrl={releaseUrl} />}
        <div className="row">
          <Button
            loading={save.isPending}
            disabled={before === after}
            onClick={() => save.mutate({ releaseUrl, softwareType, parameters, filter })}
          >
            {t('Use it again')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

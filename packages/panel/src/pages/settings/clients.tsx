import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { CertificateItem } from '../../api/generated/schema.ts'
import { clientCertificatesQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { useCertificateColumns } from '../../ui/certificate-columns.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CommandLine } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { tell } from '../../ui/tell.ts'
import { useDate } from '../../ui/time.ts'
import { ClientTokens } from './client-tokens.tsx'

/** Command line clients that speak for this person, each by a certificate of its own. */
export function Clients() {
  const t = useText()
  const client = useQueryClient()
  const certificates = useQuery(clientCertificatesQuery)
  const [asking, setAsking] = useState<CertificateItem | undefined>()
  const revoke = useMutation({
    mutationFn: (fingerprint: string) =>
      answer(api.DELETE('/api/v1/client-certificates/{fingerprint}', { params: { path: { fingerprint } } })),
    onSuccess: async () => {
      setAsking(undefined)
      tell.done(t('The client is cut off'))
      await client.invalidateQueries({ queryKey: ['certificates'] })
    },
  })
  return (
    <Section title={t('Clients')} note={t('Machines on which the slapos command speaks for you')} actions={<Connect />}>
      <Loaded query={certificates}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t('No client yet')}>{t('Connect one to use the slapos command in your name.')}</Empty>
          ) : (
            <Certificates rows={rows} revoke={setAsking} />
          )
        }
      </Loaded>
      <ClientTokens />
      {asking && (
        <Confirm
          title={t('Revoke the certificate')}
          word={asking.fingerprint.slice(0, 8)}
          action={t('Revoke')}
          pending={revoke.isPending}
          close={() => setAsking(undefined)}
          confirm={() => revoke.mutate(asking.fingerprint)}
        >
          {t('This client is cut off at once. It can be connected again with a new token.')}
        </Confirm>
      )}
    </Section>
  )
}

function Certificates({
  rows,
  revoke,
}: {
  readonly rows: readonly CertificateItem[]
  readonly revoke: (row: CertificateItem) => void
}) {
  const t = useText()
  const columns = useCertificateColumns()
  return (
    <Table
      label={t('Clients')}
      rows={rows}
      rowKey={(row) => row.fingerprint}
      columns={[
        ...columns,
        {
          title: t('Action'),
          end: true,
          cell: (row) =>
            row.revoked === null && (
              <Button size="compact-xs" variant="default" onClick={() => revoke(row)}>
                {t('Revoke')}
              </Button>
            ),
        },
      ]}
    />
  )
}

function Connect() {
  const t = useText()
  const date = useDate()
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/client-tokens')),
    onSuccess: () => client.invalidateQueries({ queryKey: ['client-tokens'] }),
  })
  return (
    <>
      <Button leftSection={<IconPlus size={15} />} loading={make.isPending} onClick={() => make.mutate()}>
        {t('Connect a client')}
      </Button>
      <Dialog opened={make.data !== undefined} onClose={() => make.reset()} size={620} title={t('Connect a client')}>
        {make.data && (
          <div className="stack">
            <p>{t('Run this where the slapos command is installed. The key is made there and stays there.')}</p>
            <CommandLine value={make.data.command} what={t('the line')} />
            <p className="dim">
              {t('It works once, until {date}. The token is shown only now.', { date: date(make.data.expires) })}
            </p>
          </div>
        )}
      </Dialog>
    </>
  )
}

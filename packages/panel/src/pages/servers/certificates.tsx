import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { serverCertificatesQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { useCertificateColumns } from '../../ui/certificate-columns.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { tell } from '../../ui/tell.ts'

export function Certificates({ computer }: { readonly computer: string }) {
  const t = useText()
  const columns = useCertificateColumns()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const certificates = useQuery(serverCertificatesQuery(computer))
  const revoke = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/servers/{computer}/certificates/revoke', { params: { path: { computer } } })),
    onSuccess: async () => {
      setAsking(false)
      tell.done(t('The server is cut off'))
      await client.invalidateQueries({ queryKey: ['certificates'] })
    },
  })
  return (
    <Loaded query={certificates}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={t('No certificate')} />
        ) : (
          <div className="stack">
            <Table label={t('Certificates')} rows={rows} rowKey={(row) => row.fingerprint} columns={columns} />
            <div className="row">
              <Button variant="default" color="red" onClick={() => setAsking(true)}>
                {t('Revoke the certificate')}
              </Button>
            </div>
            {asking && (
              <Confirm
                title={t('Revoke the certificate')}
                word={computer}
                action={t('Revoke')}
                pending={revoke.isPending}
                close={() => setAsking(false)}
                confirm={() => revoke.mutate()}
              >
                {t(
                  'The server is cut off at once. Its services go on running, but nothing can be changed there until it joins again.',
                )}
              </Confirm>
            )}
          </div>
        )
      }
    </Loaded>
  )
}

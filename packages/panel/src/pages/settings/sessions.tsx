import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { sessionsQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'

export function SessionList() {
  const t = useText()
  const client = useQueryClient()
  const sessions = useQuery(sessionsQuery)
  const revoke = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  })
  return (
    <Loaded query={sessions}>
      {(rows) => (
        <Table
          label={t('Sessions')}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { title: t('Browser'), cell: (row) => <span title={row.agent}>{browser(row.agent)}</span> },
            { title: t('Address'), cell: (row) => <code>{row.address}</code> },
            { title: t('Begun'), wide: true, cell: (row) => <Ago at={row.created} /> },
            { title: t('Last used'), cell: (row) => <Ago at={row.used} /> },
            {
              title: t('Action'),
              end: true,
              cell: (row) =>
                row.current ? (
                  <span className="dim">{t('this one')}</span>
                ) : (
                  <Button size="compact-xs" variant="default" onClick={() => revoke.mutate(row.id)}>
                    {t('Log out')}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Loaded>
  )
}

function browser(agent: string): string {
  const name = /(Firefox|Edg|Chrome|Safari|slapos|curl)\/(\d+)/.exec(agent)
  const system = /(Windows|Mac OS X|Android|Linux|iPhone)/.exec(agent)
  return name ? `${name[1]} ${name[2]}${system ? `, ${system[1]}` : ''}` : agent.slice(0, 60) || '–'
}

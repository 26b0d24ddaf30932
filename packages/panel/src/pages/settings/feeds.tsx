import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { feedsQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { CommandLine } from '../../ui/copy.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'

/** Addresses for programs that read news, which cannot log in. */
export function Feeds() {
  const t = useText()
  const client = useQueryClient()
  const feeds = useQuery(feedsQuery)
  const [title, setTitle] = useState('')
  const refresh = () => client.invalidateQueries({ queryKey: ['feeds'] })
  const add = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/feeds', { body: { title } })),
    onSuccess: async () => {
      setTitle('')
      await refresh()
    },
  })
  const revoke = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/feeds/{id}', { params: { path: { id } } })),
    onSuccess: refresh,
  })
  return (
    <Section title={t('Feeds')} note={t('RSS for a reader of news; whoever has the address sees what you see')}>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <TextInput
          aria-label={t('Title of the feed')}
          placeholder={t('Title')}
          required
          className="search"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" loading={add.isPending}>
          {t('Make a feed')}
        </Button>
      </form>
      {add.data && (
        <div className="card stack">
          <p>{t('Give this address to your reader now: it is not shown again.')}</p>
          <CommandLine value={add.data.opml} what={t('the address')} />
        </div>
      )}
      <Loaded query={feeds}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t('No feed yet')} />
          ) : (
            <Table
              label={t('Feeds')}
              rows={rows}
              rowKey={(row) => row.id}
              columns={[
                { title: t('Title'), cell: (row) => <b>{row.title}</b> },
                { title: t('Created'), cell: (row) => <Ago at={row.created} /> },
                { title: t('Last used'), cell: (row) => <Ago at={row.used} /> },
                {
                  title: t('Action'),
                  end: true,
                  cell: (row) => (
                    <Button size="compact-xs" variant="default" onClick={() => revoke.mutate(row.id)}>
                      {t('Revoke')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  )
}

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { apiTokensQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { CommandLine } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { useDate } from '../../ui/time.ts'

export function ApiTokens() {
  const t = useText()
  const date = useDate()
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const tokens = useQuery(apiTokensQuery)
  const revoke = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/api-tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['api-tokens'] }),
  })
  return (
    <Section
      title={t('API tokens')}
      note={t('For scripts: they act in your name')}
      actions={
        <Button leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          {t('Add')}
        </Button>
      }
    >
      <Loaded query={tokens}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t('No API token yet')}>
              <a href="/api/v1/openapi.json">{t('The API is described here')}</a>
            </Empty>
          ) : (
            <Table
              label={t('API tokens')}
              rows={rows}
              rowKey={(row) => row.id}
              columns={[
                { title: t('Title'), cell: (row) => <b>{row.title}</b> },
                { title: t('Access'), cell: (row) => t(row.scope) },
                { title: t('Expires'), cell: (row) => (row.expires === null ? '–' : date(row.expires)) },
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
      {adding && <NewApiToken close={() => setAdding(false)} />}
    </Section>
  )
}

function NewApiToken({ close }: { readonly close: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [title, setTitle] = useState('')
  const [scope, setScope] = useState<'read' | 'write'>('read')
  const [days, setDays] = useState('90')
  const create = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/api-tokens', { body: { title, scope, days: Number(days) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['api-tokens'] }),
  })
  return (
    <Dialog opened onClose={close} title={t('New API token')}>
      {create.data ? (
        <div className="stack">
          <p>{t('Copy it now: it is not shown again.')}</p>
          <CommandLine value={create.data.secret} what={t('the token')} />
          <Button onClick={close}>{t('Done')}</Button>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            create.mutate()
          }}
        >
          <TextInput
            data-autofocus
            required
            label={t('Title')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('Access')}
            value={scope}
            data={[
              { value: 'read', label: t('read') },
              { value: 'write', label: t('write') },
            ]}
            onChange={(event) => setScope(event.currentTarget.value === 'write' ? 'write' : 'read')}
          />
          <NativeSelect
            label={t('Expires after')}
            value={days}
            data={['7', '30', '90', '365'].map((value) => ({ value, label: t('{count} days', { count: value }) }))}
            onChange={(event) => setDays(event.currentTarget.value)}
          />
          <Button type="submit" loading={create.isPending}>
            {t('Make a token')}
          </Button>
        </form>
      )}
    </Dialog>
  )
}

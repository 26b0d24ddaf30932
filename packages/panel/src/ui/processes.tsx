import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../api/client.ts'
import type { Process, Status } from '../api/generated/schema.ts'
import { type Of, processesQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { LogView } from './log-view.tsx'
import { ShowMore } from './show-more.tsx'
import { Empty, Loaded } from './states.tsx'
import { StatusCell } from './status.tsx'
import { Table } from './table.tsx'
import { tell } from './tell.ts'
import { WhereCell } from './where.tsx'

const COLOR: Readonly<Record<string, Status['color']>> = {
  RUNNING: 'green',
  STARTING: 'blue',
  STOPPING: 'blue',
  BACKOFF: 'red',
  FATAL: 'red',
}

const statusOf = (process: Process): Status => ({
  color: COLOR[process.state] ?? 'grey',
  word: process.state.slice(0, 1) + process.state.slice(1).toLowerCase(),
  reason: '',
  since: process.since,
})

/** Processes with their buttons, failing first; a click on a row opens its log. */
export function ProcessTable({ of, withServer = false }: { readonly of: Of; readonly withServer?: boolean }) {
  const t = useText()
  const processes = useInfiniteQuery(processesQuery(of))
  const [open, setOpen] = useState<string | undefined>()
  const id = (row: Process) => `${row.computer} ${row.partition} ${row.name}`
  return (
    <Loaded query={processes}>
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items)
        const shown = rows.find((row) => id(row) === open)
        return rows.length === 0 ? (
          <Empty title={t('No process')}>{t('Processes appear here as soon as the server reports them.')}</Empty>
        ) : (
          <div className="stack">
            <Table
              label={t('Processes')}
              rows={rows}
              rowKey={id}
              onOpen={(row) => setOpen(id(row) === open ? undefined : id(row))}
              columns={[
                {
                  title: t('Process'),
                  cell: (row) => (
                    <button
                      type="button"
                      className="text-button"
                      onClick={() => setOpen(id(row) === open ? undefined : id(row))}
                    >
                      {row.name}
                    </button>
                  ),
                },
                { title: t('Where'), cell: (row) => <WhereCell at={row} withServer={withServer} /> },
                { title: t('Status'), cell: (row) => <StatusCell status={statusOf(row)} /> },
                { title: 'PID', wide: true, cell: (row) => <span className="mono dim">{row.pid ?? '–'}</span> },
                { title: t('Restarts'), wide: true, cell: (row) => row.restarts },
                { title: t('Action'), end: true, cell: (row) => <ProcessButtons process={row} /> },
              ]}
            />
            <ShowMore query={processes} />
            {shown && (
              <LogView key={open} computer={shown.computer} source={`service/${shown.partition}/${shown.name}`} />
            )}
          </div>
        )
      }}
    </Loaded>
  )
}

const ACTIONS = [
  { name: 'restart-service', text: 'Restart', icon: IconRefresh },
  { name: 'start-service', text: 'Start', icon: IconPlayerPlay },
  { name: 'stop-service', text: 'Stop', icon: IconPlayerStop },
] as const

function ProcessButtons({ process }: { readonly process: Process }) {
  const t = useText()
  const { computer, partition, name: service } = process
  const command = useMutation({
    mutationFn: (name: (typeof ACTIONS)[number]['name']) =>
      answer(
        api.POST('/api/v1/servers/{computer}/commands', {
          params: { path: { computer } },
          body: { name, partition, service },
        }),
      ),
    onSuccess: () => tell.done(t('Sent. The server does it now.')),
  })
  const up = process.state === 'RUNNING' || process.state === 'STARTING'
  return (
    <span className="row-end">
      {ACTIONS.filter(({ name }) => (up ? name !== 'start-service' : name === 'start-service')).map((action) => (
        <Tooltip key={action.name} label={t(action.text)}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${t(action.text)} ${service}`}
            loading={command.isPending}
            onClick={() => command.mutate(action.name)}
          >
            <action.icon size={16} />
          </ActionIcon>
        </Tooltip>
      ))}
    </span>
  )
}

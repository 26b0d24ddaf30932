import { ActionIcon } from '@mantine/core'
import { IconEye, IconEyeOff, IconHourglass } from '@tabler/icons-react'
import { useState } from 'react'
import type { Connection, ConnectionParameter } from '../../api/generated/schema.ts'
import { useSaying, useText } from '../../text/text.ts'
import { Copy } from '../../ui/copy.tsx'
import { Table } from '../../ui/table.tsx'

/** What the service published, named by the release; never an empty table without a reason. */
export function ConnectionTable({ connection }: { readonly connection: Connection }) {
  const t = useText()
  const say = useSaying()
  // While something is awaited, what is expected is named; afterwards what was not published is not meant to be.
  const rows =
    connection.missing === null ? connection.parameters.filter(({ value }) => value !== null) : connection.parameters
  return (
    <div className="stack">
      {connection.missing !== null && (
        <div className="card row" role="status">
          <IconHourglass size={16} aria-hidden />
          <span>{say(connection.missing)}</span>
        </div>
      )}
      {rows.length > 0 && (
        <Table
          label={t('Connection parameters')}
          rows={rows}
          rowKey={(row) => row.key}
          columns={[
            {
              title: t('Parameter'),
              narrow: true,
              cell: (row) => (
                <span title={row.description || row.key}>
                  <b>{row.title}</b>
                  {row.title !== row.key && <span className="faint mono block">{row.key}</span>}
                </span>
              ),
            },
            { title: t('Value'), cell: (row) => <Value parameter={row} /> },
          ]}
        />
      )}
    </div>
  )
}

function Value({ parameter }: { readonly parameter: ConnectionParameter }) {
  const t = useText()
  const [asked, setAsked] = useState(false)
  const { value, title, kind, secret } = parameter
  // Not the initial state: what is published later may turn out to hold a password.
  const shown = asked || !secret
  if (value === null) return <span className="faint">{t('not published yet')}</span>
  return (
    <span className="value">
      {!shown ? (
        <span className="mono">••••••••••</span>
      ) : kind === 'link' ? (
        <a href={value} target="_blank" rel="noopener noreferrer">
          {value}
        </a>
      ) : kind === 'lines' ? (
        <pre className="lines">{value}</pre>
      ) : (
        <span className="mono">{value}</span>
      )}
      {secret && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={26}
          aria-label={shown ? t('Hide {what}', { what: title }) : t('Show {what}', { what: title })}
          onClick={() => setAsked(!asked)}
        >
          {shown ? <IconEyeOff size={15} /> : <IconEye size={15} />}
        </ActionIcon>
      )}
      <Copy value={value} what={title} />
    </span>
  )
}

import { NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serversQuery } from '../../api/queries.ts'
import type { TextMap } from '../../form/wire.ts'
import { useText } from '../../text/text.ts'

interface Props {
  readonly filter: TextMap
  readonly onChange: (filter: TextMap) => void
  readonly releaseUrl: string
  readonly shared: boolean
}

/** Any server, this one, or by SLA keys. */
export function Placement({ filter, onChange, shared }: Props) {
  const t = useText()
  const servers = useInfiniteQuery(serversQuery({}))
  const rows = servers.data?.pages.flatMap((page) => page.items) ?? []
  const { computer_guid: computer, ...others } = filter
  const [sla, setSla] = useState(Object.keys(others).length > 0)
  const mode = sla ? 'sla' : (computer ?? 'any')
  return (
    <>
      <NativeSelect
        label={t('Server')}
        description={shared ? t('Where its host runs') : t('Where it runs')}
        value={mode}
        data={[
          { value: 'any', label: t('Any server that fits') },
          ...rows.map((row) => ({ value: row.computer, label: `${row.title} (${row.computer})` })),
          { value: 'sla', label: t('By conditions (SLA)') },
        ]}
        onChange={({ currentTarget: { value } }) => {
          setSla(value === 'sla')
          onChange(value === 'any' || value === 'sla' ? {} : { computer_guid: value })
        }}
      />
      {sla && (
        <TextInput
          label={t('Conditions')}
          description={t(
            'key=value, separated by commas: computer_guid, instance_guid, network_guid, project_guid, mode, capability',
          )}
          defaultValue={Object.entries(filter)
            .map(([key, value]) => `${key}=${value}`)
            .join(', ')}
          onChange={(event) => onChange(parseConditions(event.currentTarget.value))}
        />
      )}
    </>
  )
}

export function parseConditions(text: string): TextMap {
  return Object.fromEntries(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part.includes('='))
      .map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()]),
  )
}

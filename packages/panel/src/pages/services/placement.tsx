import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serversQuery } from '../../api/queries.ts'
import type { TextMap } from '../../form/wire.ts'
import { useText } from '../../text/text.ts'
import { ConditionsEditor } from './conditions-editor.tsx'

interface Props {
  readonly filter: TextMap
  readonly onChange: (filter: TextMap) => void
  readonly shared: boolean
  /** How many servers have the release. */
  readonly supplied: number
}

/** Any server, this one, or by conditions. */
export function Placement({ filter, onChange, shared, supplied }: Props) {
  const t = useText()
  const [find, setFind] = useState('')
  const [q] = useDebouncedValue(find.trim(), 200)
  const servers = useInfiniteQuery({
    ...serversQuery({ shared: true, ...(q === '' ? {} : { q }) }),
    placeholderData: keepPreviousData,
  })
  const rows = servers.data?.pages.flatMap((page) => page.items) ?? []
  const { computer_guid: computer, ...others } = filter
  const unlisted = computer !== undefined && !rows.some((row) => row.computer === computer)
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
          ...rows.map((row) => ({
            value: row.computer,
            label: [
              `${row.title} (${row.computer})`,
              ...(row.sharedBy === null ? [] : [t('shared by {project}', { project: row.sharedBy })]),
            ].join(' · '),
          })),
          ...(unlisted ? [{ value: computer, label: computer }] : []),
          { value: 'sla', label: t('By conditions (SLA)') },
        ]}
        onChange={({ currentTarget: { value } }) => {
          setSla(value === 'sla')
          onChange(value === 'any' || value === 'sla' ? {} : { computer_guid: value })
        }}
      />
      {(servers.hasNextPage || find !== '') && (
        <TextInput
          label={t('Find a server')}
          description={t('The list above shows the first {count} that fit', { count: rows.length })}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
      )}
      {sla && <ConditionsEditor filter={filter} onChange={onChange} />}
      {rows.length > 0 && supplied === 0 && computer === undefined && !shared && (
        <p className="dim">{t('No server has this release yet: the service waits until it is supplied to one.')}</p>
      )}
      {servers.data && rows.length === 0 && find === '' && (
        <p className="dim">{t('There is no server yet: the service waits until one joins.')}</p>
      )}
    </>
  )
}

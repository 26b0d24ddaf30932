import { NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Service } from '../../api/generated/schema.ts'
import { processesQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { LogView } from '../../ui/log-view.tsx'
import { Empty } from '../../ui/states.tsx'

/** Every log of a service: one of each instance, one of each process. */
export function ServiceLogs({ service }: { readonly service: Service }) {
  const t = useText()
  const processes = useInfiniteQuery(processesQuery({ service: service.reference }, 500))
  const sources = service.instances.flatMap(({ computer, partition, title, shared }) => {
    if (computer === null || partition === null || shared) return []
    const own = { value: `${computer} instance/${partition}`, label: `${title}: ${t('instantiation')}` }
    const each = (processes.data?.pages ?? [])
      .flatMap(({ items }) => items)
      .filter((process) => process.computer === computer && process.partition === partition)
      .map(({ name }) => ({ value: `${computer} service/${partition}/${name}`, label: `${title}: ${name}` }))
    return [...each, own]
  })
  const [chosen, setChosen] = useState<string | undefined>()
  const source = chosen ?? sources[0]?.value
  if (source === undefined) return <Empty title={t('Not on a server yet')} />
  const [computer = '', name = ''] = source.split(' ')
  return (
    <div className="stack">
      <NativeSelect
        label={t('Log')}
        w={360}
        maw="100%"
        value={source}
        data={sources}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <LogView key={source} computer={computer} source={name} />
    </div>
  )
}

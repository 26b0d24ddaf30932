import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { installationsQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'

/** Whether the chosen server lacks the release; undefined: it is not known (yet), or no server is chosen. */
export function useLacking(computer: string | undefined, releaseUrl: string): boolean | undefined {
  const installations = useQuery({ ...installationsQuery(computer ?? ''), enabled: computer !== undefined })
  return installations.data?.every(({ url, desired }) => url !== releaseUrl || desired === 'destroyed')
}

/** A service needs its release where it runs: supplying it is one tick, not another wizard. */
export function SupplyToo({
  computer,
  checked,
  onChange,
}: {
  readonly computer: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}) {
  const t = useText()
  return (
    <Checkbox
      label={t('Supply the release to {server}, too', { server: computer })}
      description={t('It lacks it. The service starts by itself as soon as it is built there.')}
      checked={checked}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  )
}

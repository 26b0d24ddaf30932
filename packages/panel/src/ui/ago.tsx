import { useDate, useRelative } from './time.ts'

/** A moment, as people say it; the exact one is in the tooltip. */
export function Ago({ at }: { readonly at: number | null }) {
  const relative = useRelative()
  const date = useDate()
  if (at === null) return <span className="faint">–</span>
  return (
    <time dateTime={new Date(at).toISOString()} title={date(at)}>
      {relative(at)}
    </time>
  )
}

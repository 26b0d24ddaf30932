import type { Hint } from './hint.ts'
import type { Item } from './stream.ts'

/**
 * A change as the panel hears it. Beside the kinds of `Change`: `telemetry` (`COMP-1`, `COMP-1/slappart0`) when what a
 * node tells about itself is different, `usage` when it
 * measured what is used, and `log` (`COMP-1/SOURCE`) when lines arrived. `services` names those that it
 * is about, where these are few.
 */
export function panelItem(
  { kind, reference, revision }: Hint,
  id: string | undefined,
  services: readonly string[] | undefined,
): Item {
  const position = id === undefined ? {} : { id }
  const data = { kind, reference, revision, ...(services && { services }) }
  return { ...position, key: `${kind} ${reference}`, event: kind, data }
}

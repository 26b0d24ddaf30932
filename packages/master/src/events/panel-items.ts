import type { Hint } from './hint.ts'
import type { Item } from './stream.ts'

/**
 * A change as the panel hears it. Beside the kinds of `Change`: `telemetry` (`COMP-1`, `COMP-1/slappart0`) when what a
 * node tells about itself is different, and `log` (`COMP-1/SOURCE`) when lines arrived.
 */
export function panelItem({ kind, reference, revision }: Hint, id: string | undefined): Item {
  const position = id === undefined ? {} : { id }
  return { ...position, key: `${kind} ${reference}`, event: kind, data: { kind, reference, revision } }
}

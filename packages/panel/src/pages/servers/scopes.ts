import type { Scope } from '../../api/generated/schema.ts'
import type { TextKey } from '../../text/text.ts'

/** To whom a server is open, in words. */
export const SCOPE_TEXT: Readonly<Record<Scope, TextKey>> = {
  open: 'Open',
  'close/maintenance': 'Closed for maintenance',
  'close/termination': 'Closed for termination',
  'close/forever': 'Closed forever',
}

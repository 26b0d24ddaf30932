import type { Static } from 'typebox'
import type { NotificationTarget } from './schemas/index.ts'

type Target = Static<typeof NotificationTarget>

/** Where people want to be told that something turned red or green. */
export interface Notifications {
  list(person: string): Promise<Target[]>
  add(person: string, kind: 'webhook' | 'email', target: string): Promise<Target>
  /** Sends a message now; the answer says how it went. */
  test(person: string, id: string): Promise<Target>
  remove(person: string, id: string): Promise<void>
}

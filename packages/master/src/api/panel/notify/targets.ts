import { randomUUID } from 'node:crypto'
import { type Clock, messageOf } from '@slapos/base'
import type { Store } from '../../../store/index.ts'
import { panelErrors } from '../errors.ts'
import type { Notifications } from '../notifications.ts'
import type { Message, Sender } from './send.ts'

export interface NotificationTargets extends Notifications {
  /** Tells everybody of `people` who wants to be told. Never fails: what went wrong is kept beside the target. */
  tell(people: readonly string[], message: Message): Promise<void>
}

export function createNotificationTargets(store: Store, clock: Clock, send: Sender): NotificationTargets {
  const rows = (person: string) =>
    store.read
      .selectFrom('notification_target')
      .selectAll()
      .where('person', '=', person)
      .orderBy('created_at')
      .execute()
  type Row = Awaited<ReturnType<typeof rows>>[number]

  const shown = (row: Row) => ({
    id: row.id,
    kind: row.kind,
    target: row.target,
    enabled: row.enabled === 1,
    lastSent: row.last_sent,
    lastError: row.last_error,
  })

  async function find(person: string, id: string): Promise<Row> {
    const row = (await rows(person)).find((item) => item.id === id)
    if (!row) throw panelErrors.NOT_THERE({ what: 'this target' })
    return row
  }

  async function deliver(row: Row, message: Message): Promise<void> {
    const error = await send(row.kind, row.target, message).then(() => '', messageOf)
    const last = error === '' ? { last_sent: clock.now(), last_error: '' } : { last_error: error.slice(0, 500) }
    await store.tx((tx) => tx.updateTable('notification_target').set(last).where('id', '=', row.id).execute())
  }

  return {
    list: async (person) => (await rows(person)).map(shown),
    async add(person, kind, target) {
      if (kind === 'webhook' ? !/^https?:\/\/\S+$/.test(target) : !/^\S+@\S+$/.test(target)) {
        throw panelErrors.TARGET_MALFORMED({ kind, target })
      }
      const row: Row = {
        id: randomUUID(),
        person,
        kind,
        target,
        enabled: 1,
        created_at: clock.now(),
        last_sent: null,
        last_error: '',
      }
      await store.tx((tx) => tx.insertInto('notification_target').values(row).execute())
      return shown(row)
    },
    async test(person, id) {
      const text = 'This is how SlapOS tells you that something turned red, or green again.'
      await deliver(await find(person, id), { title: 'SlapOS: test', text, link: '', color: 'green' })
      return shown(await find(person, id))
    },
    async remove(person, id) {
      await find(person, id)
      await store.tx((tx) => tx.deleteFrom('notification_target').where('id', '=', id).execute())
    },
    async tell(people, message) {
      const wanted = (await Promise.all(people.map(rows))).flat().filter((row) => row.enabled === 1)
      await Promise.all(wanted.map((row) => deliver(row, message)))
    },
  }
}

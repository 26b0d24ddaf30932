import { randomBytes, randomUUID } from 'node:crypto'
import { type Clock, isSlapError, messageOf } from '@slapos/base'
import type { Recorder } from '../../../identity/index.ts'
import type { Sql, Store } from '../../../store/index.ts'
import { panelErrors } from '../errors.ts'
import type { Notifications } from '../notifications.ts'
import { Deliveries } from './deliveries.ts'
import type { Message, Sender } from './send.ts'

export interface NotificationTargets extends Notifications {
  /** Begins to tell everybody of `people` who wants to be told: what goes wrong is kept beside the target. */
  tell(people: readonly string[], message: Message): Promise<void>
  close(): Promise<void>
}

export interface TargetsOptions {
  readonly store: Store
  readonly record: Recorder
  readonly clock: Clock
  readonly send: Sender
  /** Its targets show something else: a message was sent, or was not. */
  readonly changed: (person: string) => void
}

/** Of one person: enough for whoever is to be told, not a way to have us send to the world. */
const MOST_TARGETS = 20

export function createNotificationTargets(options: TargetsOptions): NotificationTargets {
  const { store, record, clock, send, changed } = options

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
    secret: row.secret,
  })

  async function find(person: string, id: string): Promise<Row> {
    const row = (await rows(person)).find((item) => item.id === id)
    if (!row) throw panelErrors.NOT_THERE({ what: 'this target' })
    return row
  }

  /** Answers what went wrong. */
  async function deliver(row: Row, message: Message): Promise<unknown> {
    const error: unknown = await send(row, message).then(
      () => undefined,
      (reason) => reason,
    )
    const last =
      error === undefined ? { last_sent: clock.now(), last_error: '' } : { last_error: messageOf(error).slice(0, 500) }
    await store.tx((tx) => tx.updateTable('notification_target').set(last).where('id', '=', row.id).execute())
    changed(row.person)
    return error
  }

  const note = (tx: Sql, person: string, target: string, action: string): Promise<void> =>
    record(tx, { kind: 'person', reference: person, target, action, actor: person, project: null })

  const deliveries = new Deliveries<{ readonly row: Row; readonly message: Message }>(
    clock,
    async ({ row, message }) => {
      const error = await deliver(row, message)
      return error === undefined ? undefined : { hopeless: isHopeless(error) }
    },
  )

  return {
    list: async (person) => (await rows(person)).map(shown),
    async add(person, kind, target) {
      if (kind === 'webhook' ? !/^https?:\/\/\S+$/.test(target) : !MAIL_ADDRESS.test(target)) {
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
        secret: kind === 'webhook' ? randomBytes(24).toString('base64url') : '',
      }
      await store.tx(async (tx) => {
        const { count } = await tx
          .selectFrom('notification_target')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('person', '=', person)
          .executeTakeFirstOrThrow()
        if (Number(count) >= MOST_TARGETS) throw panelErrors.TARGETS_FULL({ most: MOST_TARGETS })
        await tx.insertInto('notification_target').values(row).execute()
        await note(tx, person, target, 'notification added')
      })
      return shown(row)
    },
    async test(person, id) {
      const text = 'This is how SlapOS tells you that something turned red, or green again.'
      await deliver(await find(person, id), { title: 'SlapOS: test', text, link: '', color: 'green' })
      return shown(await find(person, id))
    },
    async remove(person, id) {
      const { target } = await find(person, id)
      await store.tx(async (tx) => {
        await tx.deleteFrom('notification_target').where('id', '=', id).execute()
        await note(tx, person, target, 'notification removed')
      })
    },
    async tell(people, message) {
      const wanted = (await Promise.all(people.map(rows))).flat().filter((row) => row.enabled === 1)
      for (const row of wanted) deliveries.add(row.id, { row, message })
    },
    close: () => deliveries.close(),
  }
}

/** One address, and nothing that a mail program reads as a list, a name or a header. */
const MAIL_ADDRESS = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+$/

/** The receiver, or the lack of a mail server, says that another try will not help. */
function isHopeless(error: unknown): boolean {
  if (!isSlapError(error)) return false
  if (error.code === 'MAIL_UNSET') return true
  const status = Number(error.params['status'])
  return error.code === 'HOOK_REFUSED' && status < 500 && status !== 408 && status !== 429
}

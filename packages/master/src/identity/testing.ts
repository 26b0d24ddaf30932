/** For the tests of this folder: an identity on a store in a directory of its own, and a clock that they move. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, silentLogger, systemClock } from '@slapos/base'
import { openStore, type Store } from '../store/index.ts'
import { type OpenedIdentity, openIdentity } from './open.ts'
import type { IdentityChange } from './recorder.ts'

export interface TestIdentity {
  readonly identity: OpenedIdentity
  readonly store: Store
  readonly clock: Clock
  readonly changes: readonly IdentityChange[]
  /** Moves the wall clock and the monotonic one. */
  advance(ms: number): void
  /** A person as the domain keeps him. */
  person(reference: string, name: string): Promise<void>
  /** The same directory, opened afresh: what a restart finds. */
  reopen(): Promise<OpenedIdentity>
  close(): Promise<void>
}

export async function testIdentity(url?: string): Promise<TestIdentity> {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-identity-'))
  // They stand still between two moves: hashing passwords on a busy machine takes seconds.
  const wall = Date.now()
  let offset = 0
  // Durations pass only when a test says so: a slow machine changes no outcome.
  const begun = systemClock.monotonic()
  const clock: Clock = {
    ...systemClock,
    now: () => wall + offset,
    monotonic: () => begun + offset,
  }
  const changes: IdentityChange[] = []
  const store = await openStore({ url: url ?? `sqlite:${join(directory, 'state.db')}` })
  const open = () =>
    openIdentity({
      store,
      pkiDirectory: join(directory, 'pki'),
      clock,
      logger: silentLogger,
      record: async (_sql, change) => {
        changes.push(change)
      },
    })
  const identity = await open()
  return {
    identity,
    store,
    clock,
    changes,
    advance: (ms) => {
      offset += ms
    },
    person: (reference, name) =>
      store.tx(async (sql) => {
        const id = Number(reference.replace(/\D/g, ''))
        const row = {
          id,
          reference,
          name,
          email: '',
          operator: 0,
          state: 'active',
          created_at: 0,
        } as const
        await sql.insertInto('person').values(row).execute()
      }),
    reopen: open,
    async close() {
      await identity.close()
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

import type { Clock } from '@slapos/base'
import type { Caller } from '../../domain/cloud.ts'
import type { Sql, Store } from '../../store/index.ts'
import type { CertificateTable } from '../../store/tables/identity.ts'
import type { CertificateRecord, SubjectKind } from '../identity.ts'

interface Entry {
  readonly caller: Caller
  readonly kind: SubjectKind
  readonly subject: string
  readonly expires: number
  contacted: boolean
}

/**
 * Which certificates are active, in memory, true to the table: every request is identified here without a query.
 */
export class CertificateRegistry {
  readonly #clock: Clock
  readonly #active = new Map<string, Entry>()

  private constructor(clock: Clock) {
    this.#clock = clock
  }

  static async load(store: Store, clock: Clock): Promise<CertificateRegistry> {
    const registry = new CertificateRegistry(clock)
    const rows = await store.read
      .selectFrom('certificate')
      .selectAll()
      .where('revoked', 'is', null)
      .where('expires', '>', clock.now())
      .execute()
    for (const row of rows) registry.add(row)
    return registry
  }

  get size(): number {
    return this.#active.size
  }

  find(fingerprint: string): Entry | undefined {
    const entry = this.#active.get(fingerprint)
    return entry !== undefined && entry.expires > this.#clock.now() ? entry : undefined
  }

  add(row: Pick<CertificateTable, 'fingerprint' | 'kind' | 'subject' | 'expires' | 'contacted'>): void {
    const { fingerprint, kind, subject, expires, contacted } = row
    this.#active.set(fingerprint, {
      caller: callerOf(kind, subject),
      kind,
      subject,
      expires,
      contacted: contacted !== null,
    })
  }

  remove(fingerprint: string): void {
    this.#active.delete(fingerprint)
  }
}

function callerOf(kind: SubjectKind, subject: string): Caller {
  if (kind === 'person') return { kind, person: subject, via: 'certificate' }
  return kind === 'computer' ? { kind, computer: subject } : { kind, instance: subject }
}

/** The active certificates of a subject, oldest first. */
export const activeOf = (sql: Sql, kind: SubjectKind, subject: string, now: number) =>
  sql
    .selectFrom('certificate')
    .selectAll()
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('revoked', 'is', null)
    .where('expires', '>', now)
    .orderBy('issued')
    .execute()

export function recordOf(row: CertificateTable): CertificateRecord {
  const { fingerprint, serial, kind, subject, issued, expires } = row
  return {
    ...{ fingerprint, serial, kind, subject, issued, expires },
    contacted: row.contacted ?? undefined,
    revoked: row.revoked ?? undefined,
  }
}

import type { Clock, Logger } from '@slapos/base'
import { accessText, reported, type StatusRecord } from '@slapos/slap'
import type { Store } from '../../store/index.ts'
import type { ComputerRow } from '../rows.ts'

/** A node silent for longer gets no new instance. */
export const SILENT_MS = 600_000
/** Contacts are written together, this often. */
const FLUSH_MS = 30_000

interface Contact {
  readonly record: StatusRecord
  readonly address: string
}

/** When each node was last in touch: in memory at each contact, in the database in batches. */
export class Contacts {
  readonly #store: Store
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #onReturn: () => void
  readonly #known = new Map<string, Contact>()
  readonly #unwritten = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /** @param onReturn called when a node is in touch after a silence: instances may wait for it. */
  constructor(store: Store, clock: Clock, logger: Logger, onReturn: () => void) {
    this.#store = store
    this.#clock = clock
    this.#logger = logger
    this.#onReturn = onReturn
  }

  async load(): Promise<void> {
    const rows = await this.#store.read
      .selectFrom('access_status')
      .innerJoin('computer', 'computer.reference', 'access_status.reference')
      .selectAll('access_status')
      .execute()
    for (const { reference, reporter, created_at, since, state, text } of rows) {
      this.#known.set(reference, { record: { user: reporter, at: created_at, since, state, text }, address: '' })
    }
  }

  /** Answers whether what people see of it changed: first contact, or an error that is over. */
  seen(computer: string, address?: string): boolean {
    const before = this.#known.get(computer)
    const text = accessText.contact(computer)
    const now = this.#clock.now()
    const record = reported(before?.record, { user: computer, at: now, text, state: '' })
    this.#known.set(computer, { record, address: address ?? before?.address ?? '' })
    this.#unwritten.add(computer)
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref()
    if (before === undefined || now - before.record.at > SILENT_MS) this.#onReturn()
    return before?.record.text !== text
  }

  /** The node said that something is wrong (bang). */
  failed(computer: string, text: string): void {
    const before = this.#known.get(computer)
    const record = reported(before?.record, { user: computer, at: this.#clock.now(), text, state: '' })
    this.#known.set(computer, { record, address: before?.address ?? '' })
    this.#unwritten.add(computer)
  }

  status(computer: string): StatusRecord | undefined {
    return this.#known.get(computer)?.record
  }

  /** The address from which the node was seen last. */
  address(computer: string): string | undefined {
    return this.#known.get(computer)?.address || undefined
  }

  /** Why this node gets no new instance now; undefined when it is in touch. */
  silence(row: Pick<ComputerRow, 'reference'>): string | undefined {
    const record = this.#known.get(row.reference)?.record
    if (!record) return 'has not contacted the Master yet'
    const age = this.#clock.now() - record.at
    return age > SILENT_MS ? `is silent since ${new Date(record.at).toISOString()}` : undefined
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = [...this.#unwritten]
    this.#unwritten.clear()
    if (batch.length === 0) return
    try {
      await this.#store.tx(async (tx) => {
        for (const reference of batch) {
          const record = this.#known.get(reference)?.record
          if (!record) continue
          const { user: reporter, at: created_at, since, state, text } = record
          const row = { reporter, created_at, since, state, text, detail: '' }
          await tx
            .insertInto('access_status')
            .values({ reference, ...row })
            .onConflict((conflict) => conflict.column('reference').doUpdateSet(row))
            .execute()
        }
      })
    } catch (error) {
      for (const reference of batch) this.#unwritten.add(reference)
      this.#logger.warning(`contacts of nodes could not be written yet: ${String(error)}`)
    }
  }

  async close(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
  }
}

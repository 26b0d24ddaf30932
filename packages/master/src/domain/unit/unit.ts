import type { NodeCommand } from '@slapos/slap'
import type { Sql } from '../../store/index.ts'
import type { Caller, Change } from '../cloud.ts'
import { nextRevision } from './counters.ts'

export type NewChange = Omit<Change, 'id' | 'revision'>

export interface AuditEntry {
  readonly action: string
  readonly target: string
  readonly project: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

/** One use case at work: its transaction, its moment, and what it will tell once committed. */
export class Unit {
  readonly sql: Sql
  readonly caller: Caller
  /** Wall clock, milliseconds: one moment for the whole use case. */
  readonly now: number
  readonly #changes = new Map<string, NewChange>()
  readonly #audit: AuditEntry[] = []
  readonly #touched = new Set<number>()
  #revision: Promise<number> | undefined
  #allocate = false

  constructor(sql: Sql, caller: Caller, now: number) {
    this.sql = sql
    this.caller = caller
    this.now = now
  }

  /** The revision of everything that this use case changes. */
  revision(): Promise<number> {
    this.#revision ??= nextRevision(this.sql, this.now)
    return this.#revision
  }

  /** True once something took a revision. */
  get changed(): boolean {
    return this.#revision !== undefined || this.#changes.size > 0
  }

  /** Tells a change after commit. The same one twice is told once. */
  tell(kind: Change['kind'], reference: string, about: Partial<Omit<NewChange, 'kind' | 'reference'>> = {}): void {
    const key = `${kind} ${reference}`
    const before = this.#changes.get(key)
    this.#changes.set(key, { computer: null, project: null, ...before, ...about, kind, reference })
  }

  command(computer: string, command: NodeCommand): void {
    this.#changes.set(`command ${this.#changes.size}`, {
      kind: 'command',
      reference: computer,
      computer,
      project: null,
      command,
    })
  }

  audit(action: string, target: string, project: string | null, detail: Readonly<Record<string, unknown>> = {}): void {
    this.#audit.push({ action, target, project, detail })
  }

  /** A document of this computer moves. */
  touchComputer(id: number): void {
    this.#touched.add(id)
  }

  /** Something became possible: instances that wait are tried again after the commit. */
  wakeWaiting(): void {
    this.#allocate = true
  }

  get outcome(): {
    readonly changes: readonly NewChange[]
    readonly audit: readonly AuditEntry[]
    readonly touched: readonly number[]
    readonly wake: boolean
  } {
    return {
      changes: [...this.#changes.values()],
      audit: this.#audit,
      touched: [...this.#touched],
      wake: this.#allocate,
    }
  }
}

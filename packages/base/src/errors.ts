/**
 * The error catalogue. Each package declares its errors once, with `catalogue()`; `docs/errors.md` lists them all and a
 * test keeps it true. An error says what failed and why (`what`), and what to do next (`next`), in one line.
 */

/** Exit codes of every command; those of the existing commands where these have one. */
export const EXIT = {
  ok: 0,
  failure: 1,
  partial: 2,
  offline: 3,
  notRunning: 3,
  unknown: 4,
  refused: 5,
  locked: 10,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a caller may conclude from each; docs/errors.md shows this table. */
export const EXIT_MEANING: Readonly<Record<ExitCode, string>> = {
  0: 'It is done.',
  1: 'It failed; the line on standard error says why and what to do.',
  2: 'It is not finished: `request` has no connection parameters yet, `node instance` found failing promises, `node format` prepared the machine but could not tell the Master, or what was asked for (`service info`, `computer info`, `why`) does not exist. `master status`: something in the Master fails.',
  3: '`node instance`: the Master cannot be reached, what was known goes on running. `node status`: a process that should run does not.',
  4: '`node status`: there is no process of that name.',
  5: 'The command line is wrong, or the command needs root; nothing was done.',
  10: 'Another process holds the lock of this node or cloud.',
}

export type Params = Readonly<Record<string, string | number>>

export interface ErrorDefinition {
  /** HTTP status with which an API answers this error. */
  readonly status: number
  /** Exit code with which a command ends on this error. */
  readonly exit: ExitCode
  /** What failed and why; `{name}` is replaced by the parameter of that name. */
  readonly what: string
  /** What the reader can do next; same placeholders. */
  readonly next: string
}

export class SlapError extends Error {
  override readonly name = 'SlapError'
  readonly code: string
  readonly status: number
  readonly exit: number
  readonly next: string
  readonly params: Params

  constructor(code: string, definition: ErrorDefinition, params: Params = {}, cause?: unknown) {
    super(fill(definition.what, params), cause === undefined ? undefined : { cause })
    this.code = code
    this.status = definition.status
    this.exit = definition.exit
    this.next = fill(definition.next, params)
    this.params = params
  }

  /** The one line that a person reads: what failed, why, and what to do next. */
  get line(): string {
    if (this.next === '') return this.message
    return /[.!?]$/.test(this.message) ? `${this.message} ${this.next}` : `${this.message}. ${this.next}`
  }
}

export const isSlapError = (error: unknown): error is SlapError => error instanceof SlapError

export type ErrorFactory = (params?: Params, cause?: unknown) => SlapError

/**
 * Makes one factory per definition: `errors.PORT_TAKEN({ address })` builds the error, and the caller throws it.
 * `definitions` stays readable on the result for the documentation.
 */
export function catalogue<const T extends Readonly<Record<string, ErrorDefinition>>>(
  definitions: T,
): { readonly [K in keyof T]: ErrorFactory } & { readonly definitions: T } {
  const factories = Object.fromEntries(
    Object.entries(definitions).map(([code, definition]) => [
      code,
      (params?: Params, cause?: unknown) => new SlapError(code, definition, params, cause),
    ]),
  )
  return Object.freeze({ ...factories, definitions }) as { readonly [K in keyof T]: ErrorFactory } & {
    readonly definitions: T
  }
}

/** The message of anything thrown, without a stack. */
export function messageOf(error: unknown): string {
  if (error instanceof SlapError) return error.line
  return error instanceof Error ? error.message : String(error)
}

function fill(template: string, params: Params): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))
}

/** What the runner process is given on its standard input, and what it answers on its standard output, as JSON. */
import type { InstanceInput } from '../plan.ts'

export interface RunnerRequest {
  readonly format: 1
  readonly entry: string
  /** Directory of the SDK that the release was built with. */
  readonly sdk: string
  readonly schema: Readonly<Record<string, unknown>>
  /** Directory against which the schema's references are resolved, and the schema's file. */
  readonly schemaPath: string
  readonly release: string
  /** Texts are converted where the schema wants numbers or booleans (xml serialisation). */
  readonly coerce: boolean
  readonly input: InstanceInput
}

export type RunnerAnswer =
  | { readonly plan: unknown }
  | { readonly refused: 'parameters' | 'schema' | 'type' | 'failure'; readonly reason: string }

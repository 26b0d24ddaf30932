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
  /** Its slaves' parameters are as they were requested: they are validated beside those of the instance. */
  readonly input: InstanceInput
  /** Absent: slaves are taken as they are. */
  readonly slaves?: {
    /** By software type; those of a type that is not here are taken as they are. */
    readonly forms: Readonly<Record<string, SlaveForm | { readonly refused: string }>>
    /** References of slaves whose parameters came as texts: they are converted as with `coerce`. */
    readonly texts: readonly string[]
  }
}

/** What the parameters of a slave are validated against. */
export type SlaveForm = Pick<RunnerRequest, 'schema' | 'schemaPath' | 'coerce'>

export type RunnerAnswer =
  | { readonly plan: unknown }
  | { readonly refused: 'parameters' | 'schema' | 'type' | 'failure'; readonly reason: string }

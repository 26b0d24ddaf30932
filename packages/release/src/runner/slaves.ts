import type { SlaveInput } from '../plan.ts'
import type { RunnerRequest, SlaveForm } from './protocol.ts'
import { compileSchema, type Validated } from './schema.ts'

/** Longest reason that is told of a slave, characters. */
const MOST_REASON = 1000

export interface ValidatedSlaves {
  readonly slaves: readonly SlaveInput[]
  /** Slave reference to why its parameters are refused. */
  readonly errors: Readonly<Record<string, string>>
}

/**
 * Validates the parameters of each slave against the schema of its type, and fills in defaults. One that does not fit
 * is left out with the reason, and concerns no other; a schema that is none concerns the slaves of its type only.
 */
export function validateSlaves({ input, slaves, release }: RunnerRequest): ValidatedSlaves {
  if (!slaves) return { slaves: input.slaves, errors: {} }
  const texts = new Set(slaves.texts)
  const compiled = new Map<string, (value: unknown) => Validated>()
  const validator = (type: string, form: SlaveForm, coerce: boolean) => {
    const key = `${coerce} ${type}`
    const known = compiled.get(key)
    if (known) return known
    const made = compileOrRefuse(form, release, coerce)
    compiled.set(key, made)
    return made
  }
  const valid: SlaveInput[] = []
  const errors: Record<string, string> = {}
  for (const slave of input.slaves) {
    const form = Object.hasOwn(slaves.forms, slave.softwareType) ? slaves.forms[slave.softwareType] : undefined
    if (!form) {
      valid.push(slave)
      continue
    }
    const result: Validated =
      'refused' in form
        ? { reason: form.refused }
        : validator(slave.softwareType, form, form.coerce || texts.has(slave.reference))(slave.parameters)
    if ('reason' in result) errors[slave.reference] = printable(result.reason)
    else valid.push({ ...slave, parameters: result.value })
  }
  return { slaves: valid, errors }
}

function compileOrRefuse(form: SlaveForm, release: string, coerce: boolean): (value: unknown) => Validated {
  try {
    return compileSchema({ schema: form.schema, schemaPath: form.schemaPath, release, coerce })
  } catch (error) {
    const reason = `the schema of its type is not usable: ${error instanceof Error ? error.message : String(error)}`
    return () => ({ reason })
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const UNPRINTABLE = /[\x00-\x1f\ufffe\uffff]/g

/** The slave's own words stand in the reason: only what XML can carry leaves. */
const printable = (reason: string): string => reason.replaceAll(UNPRINTABLE, '?').slice(0, MOST_REASON).toWellFormed()

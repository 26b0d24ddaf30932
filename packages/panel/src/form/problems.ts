import type { RJSFValidationError } from '@rjsf/utils'
import { say } from '../text/text.ts'
import { isRecord } from './record.ts'
import { validator } from './validator.ts'
import type { Data } from './wire.ts'

/** All that a schema refuses in these values. */
export function errorsOf(schema: unknown, data: Data): readonly RJSFValidationError[] {
  if (!isRecord(schema)) return []
  const { $schema: _dialect, ...rest } = schema
  return validator.rawValidation<RJSFValidationError>({ type: 'object', ...rest }, data).errors ?? []
}

/** The first of them in words, and how many there are beside. */
export function problemIn(errors: readonly RJSFValidationError[]): string | undefined {
  const [first, ...others] = errors
  if (first === undefined) return undefined
  return others.length === 0
    ? first.stack
    : say('{problem} (and {count} more)', { problem: first.stack, count: others.length })
}

export const problemOf = (schema: unknown, data: Data): string | undefined => problemIn(errorsOf(schema, data))

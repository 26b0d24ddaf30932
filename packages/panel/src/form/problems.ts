import type { RJSFValidationError } from '@rjsf/utils'
import { isRecord } from './record.ts'
import { validator } from './validator.ts'
import type { Data } from './wire.ts'

/** The first thing that a schema refuses in these values, in words. */
export function problemOf(schema: unknown, data: Data): string | undefined {
  if (!isRecord(schema)) return undefined
  const { errors = [] } = validator.rawValidation<RJSFValidationError>({ type: 'object', ...schema }, data)
  return errors[0]?.stack
}

import type { RJSFValidationError } from '@rjsf/utils'
import { isRecord } from './record.ts'

export interface Found {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: object
  readonly message: string
}

/** What a validator found, as a person should read it: each at its field, and once. */
export function toFormErrors(found: readonly Found[]): RJSFValidationError[] {
  return withoutOtherCases(found).filter(tellsSomething).flatMap(placed)
}

/** Of several cases, one was meant: that which the value fits best. The others' refusals are noise. */
function withoutOtherCases(found: readonly Found[]): readonly Found[] {
  let kept = found
  for (const { keyword, schemaPath, instancePath } of found) {
    if (keyword !== 'oneOf' && keyword !== 'anyOf') continue
    const start = `${schemaPath}/${keyword}/`
    const of = (error: Found) =>
      error.schemaPath.startsWith(start) ? error.schemaPath.slice(start.length).split('/', 1)[0] : undefined
    const cases = Map.groupBy(
      kept.filter((error) => of(error) !== undefined),
      of,
    )
    const ranked = [...cases].sort(([, a], [, b]) => distance(a) - distance(b))
    const best = ranked[0]?.[0]
    kept = kept.filter((error) => {
      const which = of(error)
      if (which !== undefined) return which === best
      // Said by the refusals of the best case already.
      return !(
        best !== undefined &&
        error.keyword === keyword &&
        error.schemaPath === schemaPath &&
        error.instancePath === instancePath
      )
    })
  }
  return kept
}

/** A wrong constant says that another case was meant. */
const distance = (errors: readonly Found[]): number =>
  errors.reduce(
    (sum, { keyword }) => sum + (keyword === 'const' || keyword === 'enum' || keyword === 'type' ? 100 : 1),
    0,
  )

/** Consequences of other errors. */
const tellsSomething = ({ keyword }: Found): boolean => keyword !== 'if' && keyword !== 'boolean'

/** A missing or unknown property is said at its own place, not at its parent's. */
function placed({ keyword, instancePath, schemaPath, params, message }: Found): RJSFValidationError[] {
  const base = instancePath.replaceAll('/', '.')
  const named = (key: string) => (isRecord(params) && Array.isArray(params[key]) ? params[key].map(String) : [])
  const names =
    keyword === 'required'
      ? named('requiredProperties')
      : keyword === 'additionalProperties'
        ? named('additionalProperties')
        : []
  const places = names.length === 0 ? [base] : names.map((name) => `${base}.${name}`)
  const said = wordsOf(keyword, params, message)
  return places.map((property) => ({
    ...{ name: keyword, property, message: said, params, schemaPath },
    stack: `${property.replace(/^\./, '')} ${said}`.trim(),
  }))
}

function wordsOf(keyword: string, params: object, message: string): string {
  if (!isRecord(params)) return message
  switch (keyword) {
    case 'required':
      return 'is required'
    case 'additionalProperties':
      return 'is not a known parameter'
    case 'enum':
      return Array.isArray(params['allowedValues']) ? `must be one of ${params['allowedValues'].join(', ')}` : message
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`
    case 'oneOf':
    case 'anyOf':
      return 'fits none, or more than one, of the allowed forms'
    default:
      return message
  }
}

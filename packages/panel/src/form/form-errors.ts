import type { RJSFValidationError } from '@rjsf/utils'
import { isForeseen, labelOf } from './form-labels.ts'
import { wordsOf } from './form-words.ts'
import { isRecord } from './record.ts'

export interface Found {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: object
  readonly message: string
}

/** What a validator found, as a person should read it: each at its field, and once. */
export function toFormErrors(found: readonly Found[], schema: unknown): RJSFValidationError[] {
  return withoutOtherCases(found).filter(tellsSomething).flatMap(placed(schema)).filter(ownFault(schema))
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

/** A wrong constant says that another case was meant; each name that is missing counts. */
const distance = (errors: readonly Found[]): number =>
  errors.reduce((sum, { keyword, params }) => {
    if (keyword === 'const' || keyword === 'enum' || keyword === 'type') return sum + 100
    const names = keyword === 'required' && isRecord(params) ? params['requiredProperties'] : undefined
    return sum + (Array.isArray(names) ? names.length : 1)
  }, 0)

/** Consequences of other errors. */
const tellsSomething = ({ keyword }: Found): boolean => keyword !== 'if' && keyword !== 'boolean'

/** A missing or unknown property is said at its own place, not at its parent's. */
const placed =
  (schema: unknown) =>
  ({ keyword, instancePath, schemaPath, params, message }: Found): RJSFValidationError[] => {
    const named = (key: string) => (isRecord(params) && Array.isArray(params[key]) ? params[key].map(String) : [])
    const key = NAMES[keyword]
    const names =
      key === undefined ? [] : named(key).map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    const said = wordsOf(keyword, params, message)
    return (names.length === 0 ? [''] : names).map((name) => {
      const path = instancePath + name
      const label = labelOf(path, schema)
      return {
        ...{ name: keyword, property: path, message: said, params, schemaPath },
        stack: label === '' ? said : `${label}: ${said}`,
      }
    })
  }

/**
 * What stands beside a wrong value in a part of a schema counts as not evaluated, too; those names are not foreign.
 */
const ownFault =
  (schema: unknown) =>
  ({ name, property = '' }: RJSFValidationError): boolean =>
    name !== 'unevaluatedProperties' || !isForeseen(property, schema)

/** Where an error about an object names those of its properties that it means. */
const NAMES: Readonly<Record<string, string>> = {
  required: 'requiredProperties',
  additionalProperties: 'additionalProperties',
  unevaluatedProperties: 'unevaluatedProperties',
}

import {
  createErrorHandler,
  type ErrorTransformer,
  getDefaultFormState,
  type RJSFSchema,
  type RJSFValidationError,
  toErrorList,
  toErrorSchema,
  type UiSchema,
  unwrapErrorHandler,
  type ValidationData,
  type ValidatorType,
  validationDataMerge,
} from '@rjsf/utils'
import { Check, Errors } from 'typebox/schema'
import { isRecord } from './wire.ts'

/**
 * JSON Schema checking by interpretation: the content security policy allows no code made at run time, which other
 * validators need.
 */
export const validator: ValidatorType<unknown, RJSFSchema, object> = {
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    const { errors = [] } = this.rawValidation<RJSFValidationError>(schema, formData)
    const shown = transform(errors, transformErrors, uiSchema)
    const result: ValidationData<unknown> = { errors: shown, errorSchema: toErrorSchema(shown) }
    if (typeof customValidate !== 'function') return result
    const state = getDefaultFormState(this, schema, formData, schema, true)
    const handler = customValidate(state, createErrorHandler(state), uiSchema)
    const own = unwrapErrorHandler(handler)
    return validationDataMerge({ errors: toErrorList(own), errorSchema: own }, result.errorSchema)
  },

  isValid(schema, formData, root) {
    try {
      return Check(withDefinitions(schema, root), formData)
    } catch {
      return false
    }
  },

  rawValidation<Result>(schema: RJSFSchema, formData?: unknown) {
    try {
      const [, found] = Errors(schema, formData)
      return { errors: found.flatMap(toFormErrors) as Result[] } // the caller above asks for RJSFValidationError
    } catch (error) {
      return { validationError: error instanceof Error ? error : new Error(String(error)) }
    }
  },
}

function transform(
  errors: RJSFValidationError[],
  transformErrors: ErrorTransformer<unknown, RJSFSchema, object> | undefined,
  uiSchema: UiSchema<unknown, RJSFSchema, object> | undefined,
): RJSFValidationError[] {
  return typeof transformErrors === 'function' ? transformErrors(errors, uiSchema) : errors
}

function withDefinitions(schema: RJSFSchema, root: RJSFSchema): RJSFSchema {
  const { definitions, $defs } = root
  return { ...(definitions && { definitions }), ...($defs && { $defs }), ...schema }
}

interface Found {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: object
  readonly message: string
}

/** A missing property is said at its own place, not at its parent's. */
function toFormErrors({ keyword, instancePath, schemaPath, params, message }: Found): RJSFValidationError[] {
  const base = instancePath.replaceAll('/', '.')
  const missing = isRecord(params) ? params['requiredProperties'] : undefined
  const places =
    keyword === 'required' && Array.isArray(missing) ? missing.map((name) => `${base}.${String(name)}`) : [base]
  return places.map((property) => {
    const said = keyword === 'required' ? 'is required' : message
    return { name: keyword, property, message: said, params, schemaPath, stack: `${property} ${said}`.trim() }
  })
}

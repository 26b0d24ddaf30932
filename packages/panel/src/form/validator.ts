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
import { toFormErrors } from './form-errors.ts'
import { isRecord } from './record.ts'

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
      return Check(within(schema, root), formData)
    } catch {
      return false
    }
  },

  rawValidation<Result>(schema: RJSFSchema, formData?: unknown) {
    try {
      const [, found] = Errors(schema, formData)
      return { errors: toFormErrors(found) as Result[] } // the caller above asks for RJSFValidationError
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

/**
 * A part of a schema with what its references name: the whole document stands under `$root` then, and `#/x` is
 * `#/$root/x`.
 */
function within(schema: RJSFSchema, root: RJSFSchema): RJSFSchema {
  if (schema === root) return schema
  const moved = rooted.get(root) ?? moveReferences(root)
  rooted.set(root, moved)
  return { ...asSchema(moveReferences(schema)), $root: moved }
}

const rooted = new WeakMap<RJSFSchema, unknown>()

function moveReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveReferences)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' && item.startsWith('#')
        ? `#/$root${item.slice(1)}`
        : moveReferences(item),
    ]),
  )
}

const asSchema = (value: unknown): RJSFSchema => (isRecord(value) ? value : {})

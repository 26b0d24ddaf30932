import {
  createErrorHandler,
  type ErrorSchema,
  ErrorSchemaBuilder,
  type ErrorTransformer,
  getDefaultFormState,
  type RJSFSchema,
  type RJSFValidationError,
  toErrorList,
  type UiSchema,
  unwrapErrorHandler,
  type ValidationData,
  type ValidatorType,
  validationDataMerge,
} from '@rjsf/utils'
import { Check, Errors } from 'typebox/schema'
import { Settings } from 'typebox/system'
import type { FormActions } from './form-actions.ts'
import { toFormErrors } from './form-errors.ts'
import { isRecord } from './record.ts'

/** Of several cases the refusals of all are needed to tell which one was meant. */
Settings.Set({ maxErrors: 1000 })

/**
 * JSON Schema checking by interpretation: the content security policy allows no code made at run time, which other
 * validators need.
 */
export const validator: ValidatorType<unknown, RJSFSchema, FormActions> = {
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    const { errors = [] } = this.rawValidation<RJSFValidationError>(schema, formData)
    const shown = transform(errors, transformErrors, uiSchema)
    const result: ValidationData<unknown> = { errors: shown, errorSchema: treeOf(shown) }
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
      return { errors: toFormErrors(found, schema) as Result[] } // the caller above asks for RJSFValidationError
    } catch (error) {
      return { validationError: error instanceof Error ? error : new Error(String(error)) }
    }
  },
}

/** Errors as a tree of the values; their places are JSON pointers, for names may hold dots. */
export function treeOf(errors: readonly RJSFValidationError[]): ErrorSchema<unknown> {
  const builder = new ErrorSchemaBuilder<unknown>()
  for (const { property = '', message } of errors) {
    const path = property
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    if (message !== undefined) builder.addErrors(message, path)
  }
  return builder.ErrorSchema
}

function transform(
  errors: RJSFValidationError[],
  transformErrors: ErrorTransformer<unknown, RJSFSchema, FormActions> | undefined,
  uiSchema: UiSchema<unknown, RJSFSchema, FormActions> | undefined,
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

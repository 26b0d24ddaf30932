import { getDefaultRegistry } from '@rjsf/core'
import { ADDITIONAL_PROPERTY_FLAG, type FieldProps, type RJSFSchema } from '@rjsf/utils'
import type { FormActions } from './form-actions.ts'
import { isRecord } from './record.ts'

type Props = FieldProps<unknown, RJSFSchema, FormActions>

const { ObjectField: Plain } = getDefaultRegistry<unknown, RJSFSchema, FormActions>().fields

/** The library's, which looks only once at the names in a dictionary: other names make another field. */
export function ObjectField(props: Props) {
  return Plain === undefined ? null : <Plain key={entriesOf(props).join('\n')} {...props} />
}

function entriesOf({ schema, formData }: Props): readonly string[] {
  const known: Readonly<Record<string, unknown>> = schema.properties ?? {}
  const isEntry = (name: string) => {
    const found = known[name]
    return found === undefined || (isRecord(found) && ADDITIONAL_PROPERTY_FLAG in found)
  }
  return isRecord(formData) && (schema.additionalProperties || schema.patternProperties)
    ? Object.keys(formData).filter(isEntry)
    : []
}

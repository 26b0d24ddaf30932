import '@mantine/dates/styles.css'
import { withTheme } from '@rjsf/core'
import { Theme } from '@rjsf/mantine'
import type { RJSFSchema } from '@rjsf/utils'
import { useEffect, useMemo } from 'react'
import { isRecord } from './record.ts'
import { templates, translateString, widgets } from './templates.tsx'
import { uiSchemaOf } from './ui-schema.ts'
import { validator } from './validator.ts'
import type { Data } from './wire.ts'
import { withoutEmptied } from './without-emptied.ts'

const Form = withTheme<unknown, RJSFSchema, object>(Theme)

/** The form of a JSON schema. Defaults are shown, not sent. */
export default function SchemaForm({
  schema,
  data,
  onChange,
  onOpen,
}: {
  readonly schema: unknown
  readonly data: Data
  readonly onChange: (data: Data, problem: string | undefined) => void
  /** What is wrong with the values that the form begins with. */
  readonly onOpen: (problem: string | undefined) => void
}) {
  const cleaned = useMemo((): RJSFSchema => {
    // The dialect is the validator's business; the title stands above the form already.
    const {
      $schema: _dialect,
      title: _title,
      description: _description,
      $id: _id,
      ...rest
    } = isRecord(schema) ? schema : {}
    return { type: 'object', ...rest }
  }, [schema])
  const uiSchema = useMemo(
    () => ({ ...uiSchemaOf(cleaned), 'ui:submitButtonOptions': { norender: true }, 'ui:options': { label: false } }),
    [cleaned],
  )
  const { errors, errorSchema } = useMemo(() => validator.validateFormData(data, cleaned), [cleaned, data])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; later changes say what is wrong themselves
  useEffect(() => onOpen(errors[0]?.stack), [])
  const change = (formData: unknown) => {
    const next = withoutEmptied(isRecord(formData) ? formData : {}, data, cleaned)
    onChange(next, validator.validateFormData(next, cleaned).errors[0]?.stack)
  }
  return (
    <Form
      tagName="div"
      className="schema-form"
      schema={cleaned}
      uiSchema={uiSchema}
      formData={data}
      validator={validator}
      templates={templates}
      widgets={widgets}
      translateString={translateString}
      noValidate
      extraErrors={errorSchema}
      showErrorList={false}
      noHtml5Validate
      idPrefix="parameter"
      experimental_defaultFormStateBehavior={{
        emptyObjectFields: 'skipDefaults',
        arrayMinItems: { populate: 'never' },
        constAsDefaults: 'skipOneOf',
      }}
      onChange={({ formData }) => change(formData)}
    />
  )
}

import '@mantine/dates/styles.css'
import { withTheme } from '@rjsf/core'
import { Theme } from '@rjsf/mantine'
import type { RJSFSchema } from '@rjsf/utils'
import { useMemo } from 'react'
import { isRecord } from './record.ts'
import { templates, translateString, widgets } from './templates.tsx'
import { uiSchemaOf } from './ui-schema.ts'
import { validator } from './validator.ts'
import type { Data } from './wire.ts'

const Form = withTheme<unknown, RJSFSchema, object>(Theme)

/** The form of a JSON schema. Defaults are shown, not sent. */
export default function SchemaForm({
  schema,
  data,
  onChange,
}: {
  readonly schema: unknown
  readonly data: Data
  readonly onChange: (data: Data, errors: readonly string[]) => void
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
      liveValidate
      showErrorList={false}
      noHtml5Validate
      idPrefix="parameter"
      experimental_defaultFormStateBehavior={{
        emptyObjectFields: 'skipDefaults',
        arrayMinItems: { populate: 'never' },
        constAsDefaults: 'skipOneOf',
      }}
      onChange={({ formData, errors }) =>
        onChange(
          isRecord(formData) ? formData : {},
          errors.map((error) => error.stack),
        )
      }
    />
  )
}

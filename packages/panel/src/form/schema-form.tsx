import '@mantine/dates/styles.css'
import { withTheme } from '@rjsf/core'
import { Theme } from '@rjsf/mantine'
import { getDefaultFormState, type RJSFSchema } from '@rjsf/utils'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ForeignList } from './foreign-list.tsx'
import { foreignValues } from './foreign-values.ts'
import type { FormActions } from './form-actions.ts'
import { putAt } from './form-data.ts'
import { formSchemaOf } from './form-schema.ts'
import { keepOthers } from './keep-others.ts'
import { ObjectField } from './object-field.tsx'
import { errorsOf, problemIn } from './problems.ts'
import { isRecord } from './record.ts'
import { templates, translateString, widgets } from './templates.tsx'
import { uiSchemaOf } from './ui-schema.ts'
import { treeOf, validator } from './validator.ts'
import type { Data } from './wire.ts'
import { withoutEmptied } from './without-emptied.ts'

const Form = withTheme<unknown, RJSFSchema, FormActions>(Theme)

/** The form of a JSON schema. Defaults are shown, not sent; constants that are needed are filled in. */
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
  const shape = useMemo(() => formSchemaOf(schema), [schema])
  const uiSchema = useMemo(
    () => ({ ...uiSchemaOf(shape), 'ui:submitButtonOptions': { norender: true }, 'ui:options': { label: false } }),
    [shape],
  )
  const errors = useMemo(() => errorsOf(schema, data), [schema, data])
  // Nothing was given yet: that much is missing is no reproach.
  const [untouched, setUntouched] = useState(() => Object.keys(data).length === 0)
  const shown = useMemo(
    () => treeOf(untouched ? errors.filter(({ name }) => name !== 'required') : errors),
    [errors, untouched],
  )
  const change = (next: Data) => {
    setUntouched(false)
    onChange(next, problemIn(errorsOf(schema, next)))
  }
  // The library hands this on once: it finds the present data by itself.
  const latest = useRef({ data, change })
  latest.current = { data, change }
  const [actions] = useState<FormActions>(() => ({
    put: (path, value) => latest.current.change(asData(putAt(latest.current.data, path, value))),
  }))
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for a schema; later changes say what is wrong themselves
  useEffect(() => {
    if (errors.length === 0) return onOpen(undefined)
    const filled = withoutEmptied(
      asData(getDefaultFormState(validator, shape, data, shape, false, BEHAVIOUR)),
      data,
      shape,
    )
    const left = errorsOf(schema, filled)
    if (left.length < errors.length) onChange(filled, problemIn(left))
    else onOpen(problemIn(errors))
  }, [schema])
  return (
    <div className="stack">
      <Form
        tagName="div"
        className="schema-form"
        schema={shape}
        uiSchema={uiSchema}
        formData={data}
        formContext={actions}
        validator={validator}
        templates={templates}
        widgets={widgets}
        fields={FIELDS}
        translateString={translateString}
        noValidate
        extraErrors={shown}
        showErrorList={false}
        noHtml5Validate
        idPrefix="parameter"
        experimental_defaultFormStateBehavior={BEHAVIOUR}
        onChange={({ formData }, id) => {
          const field = id?.replace(/__(one|any)of_select$/, '')
          change(withoutEmptied(keepOthers(asData(formData), data, shape, field), data, shape, field))
        }}
      />
      <ForeignList values={foreignValues(data, schema)} remove={(path) => actions.put(path, undefined)} />
    </div>
  )
}

const FIELDS = { ObjectField }

/** Only constants are filled in: the shape of a schema holds no defaults. */
const BEHAVIOUR = {
  emptyObjectFields: 'populateAllDefaults',
  arrayMinItems: { populate: 'never' },
  constAsDefaults: 'always',
} as const

const asData = (value: unknown): Data => (isRecord(value) ? value : {})

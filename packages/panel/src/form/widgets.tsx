import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { enumOptionsIsSelected, type RJSFSchema, type WidgetProps } from '@rjsf/utils'
import { useText } from '../text/text.ts'
import type { FormActions } from './form-actions.ts'
import { PRESET } from './form-schema.ts'
import { plain } from './plain-theme.ts'

/*
 * Defaults are shown and never sent; a value that does not fit is kept and shown, for it is what has to be corrected.
 */
type Props = WidgetProps<unknown, RJSFSchema, FormActions>

const PlainInput = plain<Props>('templates', 'BaseInputTemplate')
const PlainSelect = plain<Props>('widgets', 'SelectWidget')

const presetOf = (schema: Readonly<Record<string, unknown>>): unknown => schema[PRESET]
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function common({ id, name, required, disabled, readonly, label, hideLabel, rawErrors, options, schema }: Props) {
  return {
    id,
    name,
    required: required === true,
    disabled: disabled === true || readonly === true,
    label: hideLabel ? undefined : label,
    description: options.description ?? schema.description,
    error: rawErrors && rawErrors.length > 0 ? rawErrors.join('\n') : undefined,
  }
}

/** One line of text, or a number. */
export function LineField(props: Props) {
  const { schema, value, onChange } = props
  // Not the library's number input: it hides what is no number.
  if (schema.type === 'integer' || schema.type === 'number') {
    return (
      <TextInput
        {...common(props)}
        inputMode={schema.type === 'integer' ? 'numeric' : 'decimal'}
        autoComplete="off"
        placeholder={props.placeholder ?? ''}
        value={value === undefined || value === null ? '' : textOf(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
      />
    )
  }
  // What can be nothing else is shown, given or not.
  if ('const' in schema)
    return <TextInput {...common(props)} variant="filled" readOnly value={textOf(value ?? schema.const)} />
  return <PlainInput {...props} {...(value !== undefined && typeof value !== 'string' && { value: textOf(value) })} />
}

/**
 * A box that shows the default until somebody decides; deciding for the default again leaves the parameter out. Without
 * a default there are three answers.
 */
export function BooleanField(props: Props) {
  const t = useText()
  const { schema, value, onChange, required } = props
  if (presetOf(schema) === undefined && !('const' in schema)) {
    const choices = [
      { value: true, label: t('Yes') },
      { value: false, label: t('No') },
    ]
    const known = /^(true|false)$/i.test(String(value)) ? String(value).toLowerCase() === 'true' : value
    return <ChoiceField {...props} value={known} options={{ ...props.options, enumOptions: choices }} />
  }
  const preset = presetOf(schema) === true
  const foreign = value !== undefined && typeof value !== 'boolean' && !/^(true|false)$/i.test(String(value))
  const { description, ...rest } = common(props)
  return (
    <Checkbox
      {...rest}
      description={foreign ? `${description ?? ''} (${textOf(value)})` : description}
      checked={value === undefined ? preset : String(value).toLowerCase() === 'true'}
      onChange={({ currentTarget: { checked } }) => onChange(checked === preset && !required ? undefined : checked)}
    />
  )
}

/** One of several. */
export function ChoiceField(props: Props) {
  const t = useText()
  const { id, options, value, schema, onChange, multiple } = props
  // The kind of several is always one of them.
  const required = props.required === true || /__(one|any)of_select$/.test(id)
  if (multiple) return <PlainSelect {...props} />
  const choices = options.enumOptions ?? []
  const at = choices.findIndex((choice) => enumOptionsIsSelected(choice.value, value))
  const preset = choices.find((choice) => enumOptionsIsSelected(choice.value, presetOf(schema)))
  const named = (label: string) => (label === '' ? t('empty') : label)
  const data = choices.map((choice, index) => ({ value: String(index), label: named(choice.label) }))
  const none = { value: '', label: preset ? t('{value} (default)', { value: named(preset.label) }) : '–' }
  // What must be decided cannot be undone, only changed.
  const undecided = required && value !== undefined ? [] : [none]
  const foreign = value === undefined || at >= 0 ? [] : [{ value: 'kept', label: textOf(value) }]
  return (
    <NativeSelect
      {...common(props)}
      value={value === undefined ? '' : at >= 0 ? String(at) : 'kept'}
      data={[...undecided, ...foreign, ...data]}
      onChange={({ currentTarget: { value: chosen } }) =>
        chosen !== 'kept' && onChange(chosen === '' ? undefined : choices[Number(chosen)]?.value)
      }
    />
  )
}

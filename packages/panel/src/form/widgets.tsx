import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { enumOptionsIsSelected, type RJSFSchema, type WidgetProps } from '@rjsf/utils'
import { useText } from '../text/text.ts'
import { plain } from './plain-theme.ts'

/*
 * Defaults are shown and never sent; a value that does not fit is kept and shown, for it is what has to be corrected.
 */
type Props = WidgetProps<unknown, RJSFSchema, object>

const PlainInput = plain<Props>('templates', 'BaseInputTemplate')
const PlainSelect = plain<Props>('widgets', 'SelectWidget')

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
  return <PlainInput {...props} readonly={props.readonly === true || 'const' in schema} />
}

/** A box that shows the default until somebody decides; deciding for the default again leaves the parameter out. */
export function BooleanField(props: Props) {
  const { schema, value, onChange, required } = props
  const preset = schema.default === true
  const foreign = value !== undefined && typeof value !== 'boolean' && !/^(true|false)$/i.test(String(value))
  const { description, ...rest } = common(props)
  return (
    <Checkbox
      {...rest}
      description={foreign ? `${description ?? ''} (${textOf(value)})` : description}
      checked={value === undefined ? preset : String(value).toLowerCase() === 'true'}
      onChange={({ currentTarget: { checked } }) =>
        onChange(checked === preset && 'default' in schema && !required ? undefined : checked)
      }
    />
  )
}

/** One of several. */
export function ChoiceField(props: Props) {
  const t = useText()
  const { options, value, schema, onChange, multiple } = props
  if (multiple) return <PlainSelect {...props} />
  const choices = options.enumOptions ?? []
  const at = choices.findIndex((choice) => enumOptionsIsSelected(choice.value, value))
  const preset = choices.find((choice) => enumOptionsIsSelected(choice.value, schema.default))
  const data = choices.map((choice, index) => ({ value: String(index), label: choice.label }))
  const none = { value: '', label: preset ? t('{value} (default)', { value: preset.label }) : '–' }
  const foreign = value === undefined || at >= 0 ? [] : [{ value: 'kept', label: textOf(value) }]
  return (
    <NativeSelect
      {...common(props)}
      value={value === undefined ? '' : at >= 0 ? String(at) : 'kept'}
      data={[none, ...foreign, ...data]}
      onChange={({ currentTarget: { value: chosen } }) =>
        chosen !== 'kept' && onChange(chosen === '' ? undefined : choices[Number(chosen)]?.value)
      }
    />
  )
}

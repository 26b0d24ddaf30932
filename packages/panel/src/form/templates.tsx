import { Button } from '@mantine/core'
import {
  ADDITIONAL_PROPERTY_FLAG,
  type ArrayFieldTemplateProps,
  buttonId,
  canExpand,
  getUiOptions,
  type IconButtonProps,
  type ObjectFieldTemplateProps,
  type RJSFSchema,
  TranslatableString,
  titleId,
} from '@rjsf/utils'
import { IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { say, type TextKey } from '../text/text.ts'
import { AddEntry, Entry } from './dictionary.tsx'
import type { FormActions } from './form-actions.ts'
import { isRecord } from './record.ts'
import { BooleanField, ChoiceField, LineField } from './widgets.tsx'

/** How groups, lists, switches and their buttons of a schema's form look: calm, with words on what can be pressed. */
export const templates = {
  BaseInputTemplate: LineField,
  ObjectFieldTemplate: ObjectGroup,
  ArrayFieldTemplate: List,
  WrapIfAdditionalTemplate: Entry,
  // Each field and group shows its own.
  FieldErrorTemplate: () => null,
  ButtonTemplates: { AddButton },
}

export const widgets = { CheckboxWidget: BooleanField, SelectWidget: ChoiceField }

interface GroupProps {
  readonly id: string
  readonly title: string
  readonly note: string
  readonly errors: readonly string[]
  readonly children: ReactNode
}

function Group({ id, title, note, errors, children }: GroupProps) {
  const content = (
    <div className="stack">
      {note !== '' && <p className="dim">{note}</p>}
      {children}
      {errors.length > 0 && <p className="problem">{errors.join('\n')}</p>}
    </div>
  )
  if (title === '') return content
  return (
    <fieldset className="group">
      <legend id={id}>{title}</legend>
      {content}
    </fieldset>
  )
}

/** A description that only repeats the title says nothing. */
const noteOf = ({ title, description = '' }: RJSFSchema): string => (description === title ? '' : description)

const errorsAt = ({
  errorSchema,
}: {
  readonly errorSchema?: { readonly __errors?: string[] | undefined } | undefined
}) => errorSchema?.__errors ?? []

function ObjectGroup(props: ObjectFieldTemplateProps<unknown, RJSFSchema, FormActions>) {
  const { title, properties, schema, uiSchema, formData, fieldPathId } = props
  const root = fieldPathId.path.length === 0
  const known = asRecord(schema.properties)
  const data = asRecord(formData)
  const late: unknown = uiSchema?.['ui:late']
  const isLate = (name: string) => Array.isArray(late) && late.includes(name)
  // What the schema forbids is made a field of nothing; it stands in a list of its own.
  const foreign = (name: string) => {
    const found = known[name]
    return isRecord(found) && ADDITIONAL_PROPERTY_FLAG in found && found['type'] === 'null'
  }
  const shown = properties.filter(({ name, hidden }) => !hidden && !foreign(name))
  const content = (names: typeof shown) => names.map(({ name, content }) => <div key={name}>{content}</div>)
  const later = shown.filter(({ name }) => isLate(name))
  return (
    // The name of an entry stands before it already.
    <Group
      id={titleId(fieldPathId)}
      title={root || ADDITIONAL_PROPERTY_FLAG in schema ? '' : title}
      note={root ? '' : noteOf(schema)}
      errors={root ? [] : errorsAt(props)}
    >
      {content(shown.filter(({ name }) => !isLate(name)))}
      {later.length > 0 && (
        <Later used={later.some(({ name }) => data[name] !== undefined)} count={later.length}>
          {content(later)}
        </Later>
      )}
      {canExpand(schema, uiSchema, formData) && <AddEntry {...props} />}
    </Group>
  )
}

/** What only experts need, and what will go away, is out of the way until it is asked for or used. */
function Later({ used, count, children }: { used: boolean; count: number; children: ReactNode }) {
  const [open, setOpen] = useState(used)
  return (
    <details className="later" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say('Deprecated and expert parameters ({count})', { count })}</summary>
      <div className="stack">{children}</div>
    </details>
  )
}

function List(props: ArrayFieldTemplateProps<unknown, RJSFSchema, FormActions>) {
  const { title, items, canAdd, schema, uiSchema, fieldPathId, disabled, readonly, registry, onAddClick } = props
  return (
    <Group
      id={titleId(fieldPathId)}
      title={getUiOptions(uiSchema).title ?? title}
      note={noteOf(schema)}
      errors={errorsAt(props)}
    >
      {items}
      {canAdd && (
        <AddButton
          id={buttonId(fieldPathId, 'add')}
          disabled={disabled || readonly}
          onClick={onAddClick}
          registry={registry}
        />
      )}
    </Group>
  )
}

function AddButton({ id, disabled, onClick, title }: IconButtonProps<unknown, RJSFSchema, FormActions>) {
  return (
    <Button
      {...(id && { id })}
      size="compact-sm"
      variant="default"
      w="fit-content"
      leftSection={<IconPlus size={14} aria-hidden />}
      disabled={disabled === true}
      onClick={onClick}
    >
      {title ?? say('Add')}
    </Button>
  )
}

const TEXTS: Partial<Record<TranslatableString, TextKey>> = {
  [TranslatableString.MoveUpButton]: 'Move up',
  [TranslatableString.MoveDownButton]: 'Move down',
  [TranslatableString.RemoveButton]: 'Remove',
  [TranslatableString.CopyButton]: 'Copy',
  [TranslatableString.AddButton]: 'Add',
  [TranslatableString.AddItemButton]: 'Add',
  [TranslatableString.YesLabel]: 'Yes',
  [TranslatableString.NoLabel]: 'No',
  [TranslatableString.OptionPrefix]: 'Kind %1',
  [TranslatableString.TitleOptionPrefix]: '%1, kind %2',
  [TranslatableString.UnknownFieldType]: 'Only the XML and JSON views can edit this (%1)',
  [TranslatableString.UnsupportedField]: 'Only the XML and JSON views can edit this.',
  [TranslatableString.UnsupportedFieldWithId]: 'Only the XML and JSON views can edit this (%1)',
  [TranslatableString.UnsupportedFieldWithReason]: 'Only the XML and JSON views can edit this (%1)',
  [TranslatableString.UnsupportedFieldWithIdAndReason]: 'Only the XML and JSON views can edit this (%1)',
  [TranslatableString.DeprecatedLabel]: '%1 (deprecated)',
  [TranslatableString.CycleDetected]: '%1 holds another one of its kind.',
  [TranslatableString.ExpandButton]: 'Show it',
}

/** The form library's own words. */
export function translateString(text: TranslatableString, params: string[] = []): string {
  const key = TEXTS[text]
  return (key === undefined ? text : say(key)).replace(/%(\d)/g, (whole, n) => params[Number(n) - 1] ?? whole)
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

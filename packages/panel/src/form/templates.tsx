import { Button } from '@mantine/core'
import {
  type ArrayFieldTemplateProps,
  buttonId,
  canExpand,
  getUiOptions,
  type IconButtonProps,
  type ObjectFieldTemplateProps,
  TranslatableString,
  titleId,
} from '@rjsf/utils'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { say, type TextKey } from '../text/text.ts'
import { BooleanField, ChoiceField, LineField } from './widgets.tsx'

/** How groups, lists, switches and their buttons of a schema's form look: calm, with words on what can be pressed. */
export const templates = {
  BaseInputTemplate: LineField,
  ObjectFieldTemplate: ObjectGroup,
  ArrayFieldTemplate: List,
  ButtonTemplates: { AddButton },
}

export const widgets = { CheckboxWidget: BooleanField, SelectWidget: ChoiceField }

function Group({ id, title, note, children }: { id: string; title: string; note: string; children: ReactNode }) {
  if (title === '') return <div className="stack">{children}</div>
  return (
    <fieldset className="group">
      <legend id={id}>{title}</legend>
      {note !== '' && <p className="dim">{note}</p>}
      <div className="stack">{children}</div>
    </fieldset>
  )
}

function ObjectGroup(props: ObjectFieldTemplateProps) {
  const { title, properties, schema, uiSchema, formData, fieldPathId, disabled, readonly, registry, onAddProperty } =
    props
  const root = fieldPathId.path.length === 0
  return (
    <Group id={titleId(fieldPathId)} title={root ? '' : title} note={schema.description ?? ''}>
      {properties
        .filter(({ hidden }) => !hidden)
        .map(({ name, content }) => (
          <div key={name}>{content}</div>
        ))}
      {canExpand(schema, uiSchema, formData) && (
        <AddButton
          id={buttonId(fieldPathId, 'add')}
          disabled={disabled || readonly}
          onClick={onAddProperty}
          registry={registry}
          title={say('Add a key')}
        />
      )}
    </Group>
  )
}

function List(props: ArrayFieldTemplateProps) {
  const { title, items, canAdd, schema, uiSchema, fieldPathId, disabled, readonly, registry, onAddClick } = props
  return (
    <Group id={titleId(fieldPathId)} title={getUiOptions(uiSchema).title ?? title} note={schema.description ?? ''}>
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

function AddButton({ id, disabled, onClick, title }: IconButtonProps) {
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
}

/** The form library's own words. */
export function translateString(text: TranslatableString, params: string[] = []): string {
  const key = TEXTS[text]
  return key === undefined ? text.replace(/%(\d)/g, (whole, n) => params[Number(n) - 1] ?? whole) : say(key)
}

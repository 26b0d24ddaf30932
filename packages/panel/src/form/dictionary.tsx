import { ActionIcon, Button, TextInput } from '@mantine/core'
import {
  ADDITIONAL_PROPERTY_FLAG,
  type ObjectFieldTemplateProps,
  type RJSFSchema,
  type WrapIfAdditionalTemplateProps,
} from '@rjsf/utils'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useText } from '../text/text.ts'
import type { FormActions } from './form-actions.ts'
import { entrySchemas, firstValue } from './form-data.ts'
import { isRecord } from './record.ts'

type Group = ObjectFieldTemplateProps<unknown, RJSFSchema, FormActions>

/** A further entry of a dictionary, by its name. */
export function AddEntry({ schema, formData, fieldPathId, registry, disabled, readonly }: Group) {
  const t = useText()
  const [name, setName] = useState('')
  const [asked, setAsked] = useState(false)
  const schemas = entrySchemas(schema, name)
  const taken = isRecord(formData) && Object.hasOwn(formData, name)
  const problem =
    name === ''
      ? asked && t('A name is needed')
      : taken
        ? t('There is one of this name')
        : schemas === undefined && t('must match the pattern {pattern}', { pattern: patternsOf(schema) })
  const add = () => {
    setAsked(true)
    if (name === '' || taken || schemas === undefined) return
    const entry = registry.schemaUtils.retrieveSchema({ allOf: schemas.map(asSchema) })
    registry.formContext.put([...fieldPathId.path, name], firstValue(entry))
    // The group is made anew with it.
    requestAnimationFrame(() => document.getElementById(`${fieldPathId.$id}_${name}-key`)?.focus())
  }
  return (
    <div className="row add-entry">
      <TextInput
        size="xs"
        aria-label={t('Name of the entry')}
        placeholder={t('Name of the entry')}
        value={name}
        error={problem || undefined}
        disabled={disabled === true || readonly === true}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add()
        }}
      />
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={disabled === true || readonly === true}
        onClick={add}
      >
        {t('Add an entry')}
      </Button>
    </div>
  )
}

/** An entry of a dictionary: its name, which may be changed, and a way to remove it. */
export function Entry(props: WrapIfAdditionalTemplateProps<unknown, RJSFSchema, FormActions>) {
  const t = useText()
  const { id, schema, label, children, classNames, style, readonly, disabled, onKeyRenameBlur, onRemoveProperty } =
    props
  if (!(ADDITIONAL_PROPERTY_FLAG in schema)) {
    return (
      <div className={classNames} style={style}>
        {children}
      </div>
    )
  }
  return (
    <div className="entry">
      <div className="row">
        <TextInput
          key={label}
          size="xs"
          id={`${id}-key`}
          aria-label={t('Name')}
          defaultValue={label}
          disabled={disabled === true || readonly === true}
          onBlur={onKeyRenameBlur}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('Remove {what}', { what: label })}
          disabled={disabled === true || readonly === true}
          onClick={onRemoveProperty}
        >
          <IconTrash size={15} />
        </ActionIcon>
      </div>
      {children}
    </div>
  )
}

const patternsOf = ({ patternProperties }: RJSFSchema): string =>
  isRecord(patternProperties) ? Object.keys(patternProperties).join(' | ') : ''

const asSchema = (value: unknown): RJSFSchema => (isRecord(value) ? value : {})

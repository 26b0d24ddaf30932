import { ActionIcon, NativeSelect, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { TextMap } from '../../form/wire.ts'
import { useText } from '../../text/text.ts'
import { CONDITIONS } from './conditions.ts'

/** Conditions of a place, each explained; only what allocation knows can be asked for. */
export function ConditionsEditor({
  filter,
  onChange,
}: {
  readonly filter: TextMap
  readonly onChange: (filter: TextMap) => void
}) {
  const t = useText()
  const left = Object.entries(CONDITIONS).filter(([key]) => !(key in filter))
  return (
    <fieldset className="conditions">
      <legend>{t('Conditions')}</legend>
      {Object.entries(filter).map(([key, value]) => {
        const { meaning, example = '', pattern } = CONDITIONS[key] ?? {}
        const wrong = value !== '' && pattern?.test(value) === false
        return (
          <div key={key} className="condition">
            <TextInput
              label={meaning === undefined ? key : t(meaning)}
              description={<code>{key}</code>}
              placeholder={example}
              value={value}
              error={
                meaning === undefined
                  ? t('The Master does not know this condition')
                  : wrong && t('Written as {example}', { example })
              }
              onChange={({ currentTarget }) => onChange({ ...filter, [key]: currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('Remove {what}', { what: key })}
              onClick={() => onChange(Object.fromEntries(Object.entries(filter).filter(([name]) => name !== key)))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </div>
        )
      })}
      <NativeSelect
        aria-label={t('Add a condition')}
        value=""
        data={[
          { value: '', label: t('Add a condition') },
          ...left.map(([key, { meaning }]) => ({ value: key, label: `${t(meaning)} (${key})` })),
        ]}
        onChange={({ currentTarget: { value: key } }) => {
          if (key !== '') onChange({ ...filter, [key]: key === 'mode' ? 'unique_by_network' : '' })
        }}
      />
    </fieldset>
  )
}

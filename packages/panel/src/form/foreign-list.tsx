import { ActionIcon } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useText } from '../text/text.ts'
import type { ForeignValue } from './foreign-values.ts'

/** Values that the release does not foresee: kept, shown, and removable. */
export function ForeignList({
  values,
  remove,
}: {
  readonly values: readonly ForeignValue[]
  readonly remove: (path: ForeignValue['path']) => void
}) {
  const t = useText()
  if (values.length === 0) return null
  return (
    <div className="stack foreign">
      <p className="dim">{t('These values are kept, but this release does not foresee them:')}</p>
      <ul>
        {values.map(({ path, value }) => {
          const name = path.join(' › ')
          return (
            <li key={name} className="row">
              <code>{`${name}: ${JSON.stringify(value)}`}</code>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('Remove {what}', { what: name })}
                onClick={() => remove(path)}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

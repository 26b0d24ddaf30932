import { Button, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useText } from '../text/text.ts'
import { Dialog } from './dialog.tsx'

/** For what cannot be undone: the name is typed again. */
export function Confirm({
  title,
  word,
  action,
  pending,
  close,
  confirm,
  children,
}: {
  readonly title: string
  readonly word: string
  readonly action: string
  readonly pending: boolean
  readonly close: () => void
  readonly confirm: () => void
  readonly children: ReactNode
}) {
  const t = useText()
  const [typed, setTyped] = useState('')
  return (
    <Dialog opened onClose={close} title={title} size={460}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (typed === word) confirm()
        }}
      >
        <div>{children}</div>
        <TextInput
          data-autofocus
          label={t('Type {word} to confirm', { word })}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className="row">
          <Button type="submit" color="red" disabled={typed !== word} loading={pending}>
            {action}
          </Button>
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

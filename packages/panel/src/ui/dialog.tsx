import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useText } from '../text/text.ts'

/** A dialog whose close button has a name. */
export function Dialog(props: ModalProps) {
  const t = useText()
  useFocusBack()
  return <Modal closeButtonProps={{ 'aria-label': t('Close') }} {...props} />
}

/** What had the focus when this came has it again when this goes: dialogs that are taken away do not do that alone. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus()
    },
    [before],
  )
}

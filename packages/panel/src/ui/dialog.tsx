import { Modal, type ModalProps } from '@mantine/core'
import { useText } from '../text/text.ts'

/** A dialog whose close button has a name. */
export function Dialog(props: ModalProps) {
  const t = useText()
  return <Modal closeButtonProps={{ 'aria-label': t('Close') }} {...props} />
}

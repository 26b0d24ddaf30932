import { notifications } from '@mantine/notifications'
import { say, sayRefusal } from '../text/text.ts'

/** Short messages in the corner: what was done, or what was refused and why. */
export const tell = {
  done(message: string): void {
    notifications.show({ message, color: 'teal', ...closable() })
  },
  failed(error: unknown): void {
    const { message, next } = sayRefusal(error)
    notifications.show({ title: message, message: next, color: 'red', autoClose: 10_000, ...closable() })
  },
}

const closable = () => ({ closeButtonProps: { 'aria-label': say('Close') } })

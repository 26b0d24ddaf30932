import { notifications } from '@mantine/notifications'
import { Problem } from '../api/client.ts'
import { say } from '../text/text.ts'

/** Short messages in the corner: what was done, or what was refused and why. */
export const tell = {
  done(message: string): void {
    notifications.show({ message, color: 'teal', ...closable() })
  },
  failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    const next = error instanceof Problem ? error.next : ''
    notifications.show({ title: message, message: next, color: 'red', autoClose: 10_000, ...closable() })
  },
}

const closable = () => ({ closeButtonProps: { 'aria-label': say('Close') } })

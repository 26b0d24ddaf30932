import { messageOf } from '@slapos/base'
import nodemailer from 'nodemailer'
import { exchange, type OutgoingPolicy } from '../../../outgoing/index.ts'
import { panelErrors } from '../errors.ts'

export interface Message {
  readonly title: string
  readonly text: string
  /** Where to look; empty when there is nothing to open. */
  readonly link: string
  readonly color: 'red' | 'green'
}

export type Sender = (kind: 'webhook' | 'email', target: string, message: Message) => Promise<void>

const TIMEOUT_MS = 10_000

/**
 * @param smtp `smtp://user:password@host:port`; without it, e-mail is refused with that reason.
 * @param outgoing to where web hooks may go: people choose the address, and the Master's own network is not theirs.
 */
export function createSender(smtp: string | undefined, from: string, outgoing: OutgoingPolicy): Sender {
  const mail = smtp === undefined ? undefined : nodemailer.createTransport(smtp, { from })
  return async (kind, target, message) => {
    const { title, text, link } = message
    if (kind === 'email') {
      if (!mail) throw panelErrors.MAIL_UNSET()
      await mail.sendMail({ to: target, subject: title, text: link === '' ? text : `${text}\n\n${link}\n` })
      return
    }
    // `text` alone is what chat services show; the rest is for programs.
    const body = JSON.stringify({ ...message, text: [title, text, link].filter(Boolean).join('\n') })
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const { status } = await exchange({ url: target, method: 'POST', headers, body, signal }, outgoing).catch(
      (error: unknown) => {
        throw panelErrors.HOOK_UNREACHABLE({ target, reason: messageOf(error) }, error)
      },
    )
    // A redirection too: the message was for this address.
    if (status < 200 || status >= 300) throw panelErrors.HOOK_REFUSED({ target, status })
  }
}

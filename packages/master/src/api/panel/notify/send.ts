import { type Clock, messageOf } from '@slapos/base'
import nodemailer from 'nodemailer'
import { exchange, type OutgoingPolicy } from '../../../outgoing/index.ts'
import { panelErrors } from '../errors.ts'
import { signatureHeaders } from './signature.ts'

export interface Message {
  readonly title: string
  readonly text: string
  /** Where to look; empty when there is nothing to open. */
  readonly link: string
  readonly color: 'red' | 'green'
}

export interface Receiver {
  readonly kind: 'webhook' | 'email'
  readonly target: string
  /** Signs what a web hook receives. */
  readonly secret: string
}

export type Sender = (receiver: Receiver, message: Message) => Promise<void>

export interface MailOptions {
  /** `smtp://user:password@host:port`, `smtps://...`. */
  readonly smtp: string
  /** The sender's address. */
  readonly from: string
}

const TIMEOUT_MS = 10_000

/**
 * @param mail without it, e-mail is refused with that reason.
 * @param outgoing to where web hooks may go: people choose the address, and the Master's own network is not theirs.
 */
export function createSender(mail: MailOptions | undefined, outgoing: OutgoingPolicy, clock: Clock): Sender {
  const mailer = mail && nodemailer.createTransport(mail.smtp, { from: mail.from })
  return async ({ kind, target, secret }, message) => {
    const { title, text, link } = message
    if (kind === 'email') {
      if (!mailer) throw panelErrors.MAIL_UNSET()
      await mailer.sendMail({ to: target, subject: title, text: link === '' ? text : `${text}\n\n${link}\n` })
      return
    }
    // `text` alone is what chat services show; the rest is for programs.
    const body = JSON.stringify({ ...message, text: [title, text, link].filter(Boolean).join('\n') })
    const headers = { 'content-type': 'application/json', ...signatureHeaders(secret, body, clock.now()) }
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

import nodemailer from 'nodemailer'
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

/** @param smtp `smtp://user:password@host:port`; without it, e-mail is refused with that reason. */
export function createSender(smtp: string | undefined, from: string): Sender {
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
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await answer.body?.cancel()
    if (!answer.ok) throw panelErrors.HOOK_REFUSED({ target, status: answer.status })
  }
}

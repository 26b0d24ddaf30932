import { createHmac } from 'node:crypto'

/**
 * Headers by which the receiver of a web hook knows that the message is ours and of now: HMAC-SHA256 with the hook's
 * secret over `TIMESTAMP.BODY`, in hexadecimal; the timestamp is in seconds since the epoch.
 */
export function signatureHeaders(secret: string, body: string, now: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return { 'x-slapos-timestamp': timestamp, 'x-slapos-signature': `sha256=${signature}` }
}

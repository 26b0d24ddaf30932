import { identityErrors } from '../../identity/errors.ts'

export const hasPassword = (header: string | undefined): boolean => /^Basic /i.test(header ?? '')

/** Name and password of HTTP Basic authentication (RFC 7617). Throws LOGIN_REFUSED. */
export function passwordOf(header: string | undefined): { readonly login: string; readonly password: string } {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const cut = text.indexOf(':')
  if (cut <= 0) throw identityErrors.LOGIN_REFUSED()
  return { login: text.slice(0, cut), password: text.slice(cut + 1) }
}

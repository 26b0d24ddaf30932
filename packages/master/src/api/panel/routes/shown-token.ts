import type { TokenRecord } from '../../../identity/index.ts'

/** A token as lists show it. One that a machine holds, and may come again with, is used to everybody else. */
export const shownToken = (token: TokenRecord) => ({
  id: token.id,
  title: token.hint,
  created: token.created,
  expires: token.expires,
  state: token.state === 'in-use' ? ('used' as const) : token.state,
})

/**
 * How a call to the Master ended. Silence, refusal and failure are three different things: after silence the node goes
 * on and waits; refusal means that this node is not wanted (certificate revoked, unknown) and is shown until it is
 * wanted again; failure is the Master's own fault and is tried again.
 */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly missing: boolean }

export type Condition = 'connected' | 'unreachable' | 'refused' | 'failed'

export const ok = <T>(value: T): Outcome<T> => ({ kind: 'ok', value })

export const conditionOf = (outcome: Outcome<unknown>): Condition =>
  outcome.kind === 'ok' ? 'connected' : outcome.kind

export const reasonOf = (outcome: Outcome<unknown>): string => (outcome.kind === 'ok' ? '' : outcome.reason)

/** A change as the streams carry it: what, not how. `seq` 0: it is in no outbox (telemetry). */
export interface Hint {
  readonly seq: number
  readonly kind: string
  readonly reference: string
  readonly computer: string | null
  readonly project: string | null
  readonly revision: number
  /** Of a node's facts: those of its services are told by hints of their own. */
  readonly services?: readonly []
}

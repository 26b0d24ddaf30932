import type { NodeCommand, Position } from '@slapos/slap'

/** One committed change, as written to the outbox in the same transaction. */
export interface Change {
  /** `EPOCH:SEQ`, strictly increasing, no gap. */
  readonly id: Position
  readonly kind:
    | 'computer'
    | 'partition'
    | 'installation'
    | 'instance'
    | 'slaves'
    | 'service'
    | 'token'
    | 'certificate'
    | 'person'
    | 'project'
    | 'catalogue'
    | 'telemetry'
    | 'command'
  /** Public reference of what changed (`COMP-1`, `COMP-1/slappart0`, `SOFTINST-3`, URL...). */
  readonly reference: string
  /** The computer to tell, when it concerns one. */
  readonly computer: string | null
  readonly project: string | null
  readonly revision: number
  /** True: it does not exist any more (its certificates end, its telemetry can go). */
  readonly gone?: true
  /** Of kind `command`: what the node is asked to do, once. */
  readonly command?: NodeCommand
}

import type { Static } from 'typebox'
import type { LogLines, Process, PromiseItem, Usage } from './schemas/index.ts'

/** The present facts that nodes reported, and the short history that is kept of them. */
export interface TelemetryReader {
  processes(computer: string, partition?: string): Promise<Static<typeof Process>[]>
  promises(computer: string, partition?: string): Promise<Static<typeof PromiseItem>[]>
  usage(computer: string, partition: string, since: number): Promise<Static<typeof Usage>['points']>
  /** Lines from `offset` on; a negative one counts from the end. */
  logs(computer: string, source: string, offset: number, limit: number): Promise<Static<typeof LogLines>>
  /** Somebody reads this source: the node is asked to send its lines as they come, for a while. */
  follow(computer: string, source: string): void
}

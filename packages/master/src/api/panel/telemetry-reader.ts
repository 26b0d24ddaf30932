import type { Static } from 'typebox'
import type { Past } from '../../telemetry/index.ts'
import type { LogLines, Process, PromiseItem, Usage } from './schemas/index.ts'

/** As nodes tell it: they do not know how people call things, nor what was. */
type Told<T> = Omit<T, 'computerTitle' | 'service' | 'serviceTitle' | 'strip'>

/** The present facts that nodes reported, and the short history that is kept of them. */
export interface TelemetryReader {
  processes(computer: string, partition?: string): Promise<Told<Static<typeof Process>>[]>
  promises(computer: string, partition?: string): Promise<Told<Static<typeof PromiseItem>>[]>
  usage(computer: string, partition: string, since: number): Promise<Static<typeof Usage>['points']>
  past(computer: string, since: number): Promise<Past>
  /** Lines from `offset` on; a negative one counts from the end. */
  logs(computer: string, source: string, offset: number, limit: number): Promise<Static<typeof LogLines>>
  /** Somebody reads this source: the node is asked to send its lines as they come, for a while. */
  follow(computer: string, source: string): void
}

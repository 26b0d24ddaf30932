import type { Clock } from '@slapos/base'
import type { Reader } from '../store/index.ts'
import type { NodeFacts } from '../telemetry/index.ts'

/** What indicators are computed from. */
export interface IndicatorContext {
  readonly db: Reader
  readonly clock: Clock
  /** What a node reported last; undefined: it never contacted us since this Master started. */
  readonly facts: (computer: string) => NodeFacts | undefined
}

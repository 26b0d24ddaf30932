import type { Clock } from '@slapos/base'
import type { Cloud } from '../domain/cloud.ts'
import { idOf } from '../domain/references.ts'
import type { Reader } from '../store/index.ts'
import type { NodeFacts } from '../telemetry/index.ts'
import type { Board } from './board/board.ts'
import type { Scope } from './queries.ts'

/** What indicators are computed from. */
export interface IndicatorContext {
  readonly db: Reader
  readonly clock: Clock
  /** What a node reported last; undefined: it never contacted us since this Master started. */
  readonly facts: (computer: string) => NodeFacts | undefined
}

/** What the read models read from. */
export interface Context extends IndicatorContext {
  readonly cloud: Cloud
  readonly board: Board
}

/** `PROJ-n` of a scope as ids. Never empty: an id that nothing has keeps `in` valid. */
export function projectIds(scope: Scope): number[] {
  const ids = scope.projects.flatMap((project) => idOf('project', project) ?? [])
  return ids.length === 0 ? [-1] : ids
}

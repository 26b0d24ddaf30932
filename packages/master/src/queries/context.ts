import type { Cloud } from '../domain/cloud.ts'
import { idOf } from '../domain/references.ts'
import type { Board } from './board/board.ts'
import type { IndicatorContext } from './indicator-context.ts'
import type { Scope } from './queries.ts'

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

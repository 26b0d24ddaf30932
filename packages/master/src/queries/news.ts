import { idOf } from '../domain/references.ts'
import type { Kind } from './board/board.ts'
import type { Context } from './context.ts'
import type { Queries } from './queries.ts'
import { readSubjects } from './subjects.ts'

/** What is wrong comes first, then the newest: a reader of news keeps what it saw. */
const SHOWN = 200
const KINDS: readonly Kind[] = ['server', 'service', 'installation']

/** What of a project is in which state since when, the latest turn first. */
export function newsQueries(context: Context): Pick<Queries, 'news'> {
  const { board } = context
  return {
    async news(project) {
      await board.settled()
      const projects = [idOf('project', project) ?? -1]
      const keys = (['red', 'yellow', 'green'] as const).flatMap((colour) =>
        KINDS.flatMap((kind) => board[kind].having(projects, [colour]).map((id) => ({ kind, id }))),
      )
      const items = await readSubjects(context, keys.slice(0, SHOWN))
      return [...items].sort((a, b) => (b.status.since ?? 0) - (a.status.since ?? 0))
    },
  }
}

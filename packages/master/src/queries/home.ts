import { auditQueries } from './audit/audit.ts'
import type { Kind } from './board/board.ts'
import type { Colour } from './board/shelf.ts'
import type { Context } from './context.ts'
import { projectIds } from './context.ts'
import type { Queries } from './queries.ts'
import { readSubjects } from './subjects.ts'

/** What needs attention is shown up to here; all of it is counted. */
const SHOWN = 50
const KINDS: readonly Kind[] = ['server', 'installation', 'service']
const WORST_FIRST: readonly Colour[] = ['red', 'yellow', 'blue']

/** The first page: counts from the board, and the few things that need somebody. */
export function homeQueries(context: Context): Pick<Queries, 'home'> {
  const { board } = context
  const audit = auditQueries(context)
  return {
    async home(scope) {
      await board.settled()
      const projects = projectIds(scope)
      const counts = Object.fromEntries(KINDS.map((kind) => [kind, board[kind].counts(projects)])) as Record<
        Kind,
        ReturnType<typeof board.server.counts>
      >
      const worst = WORST_FIRST.flatMap((colour) =>
        KINDS.flatMap((kind) => board[kind].having(projects, [colour]).map((id) => ({ kind, id }))),
      )
      const [attention, recent] = await Promise.all([
        readSubjects(context, worst.slice(0, SHOWN)),
        audit.audit(scope, { limit: 12, ofProjects: true }),
      ])
      const all = (kind: Kind) => board[kind].size(projects)
      const started = all('service') > 0
      return {
        servers: counts.server,
        services: counts.service,
        attention: [...attention],
        attentionTotal: worst.length,
        checklist: [
          { step: 'server', done: all('server') > 0 },
          { step: 'software', done: all('installation') > 0 || started },
          { step: 'service', done: started },
          { step: 'running', done: counts.service.green > 0 },
        ],
        recent: recent.items,
      }
    },
  }
}

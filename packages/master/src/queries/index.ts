import { auditQueries } from './audit/audit.ts'
import type { Context } from './context.ts'
import { earlierVersionQueries } from './earlier-versions.ts'
import { homeQueries } from './home.ts'
import { installationQueries } from './installations.ts'
import { newsQueries } from './news.ts'
import { partitionQueries } from './partitions.ts'
import { placeQueries } from './places.ts'
import type { Queries } from './queries.ts'
import { residentQueries } from './residents.ts'
import { searchQueries } from './search.ts'
import { serverListQueries } from './server-list.ts'
import { serverQueries } from './servers.ts'
import { serviceListQueries } from './service-list.ts'
import { serviceQueries } from './services.ts'
import { softwareQueries } from './software.ts'
import { topologyQueries } from './topology.ts'
import { whyQueries } from './why.ts'

export { type Board, createBoard, type Turn } from './board/board.ts'
export type { Context as QueryContext } from './context.ts'
export type { Place, Queries, Scope } from './queries.ts'
export { readSubjects, type SubjectItem, type SubjectKey } from './subjects.ts'

export function createQueries(context: Context): Queries {
  return {
    ...homeQueries(context),
    ...newsQueries(context),
    ...searchQueries(context),
    ...topologyQueries(context),
    ...auditQueries(context),
    ...serverListQueries(context),
    ...serverQueries(context),
    ...partitionQueries(context),
    ...installationQueries(context),
    ...serviceListQueries(context),
    ...serviceQueries(context),
    ...earlierVersionQueries(context),
    ...softwareQueries(context),
    ...whyQueries(context),
    ...placeQueries(context),
    ...residentQueries(context),
  }
}

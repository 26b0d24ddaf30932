import { auditQueries } from './audit.ts'
import type { Context } from './context.ts'
import { homeQueries } from './home.ts'
import { placeQueries } from './places.ts'
import type { Queries } from './queries.ts'
import { serverQueries } from './servers.ts'
import { serviceQueries } from './services.ts'
import { softwareQueries } from './software.ts'
import { whyQueries } from './why.ts'

export type { Context as QueryContext } from './context.ts'
export type { Place, Queries, Scope } from './queries.ts'

export function createQueries(context: Context): Queries {
  return {
    ...homeQueries(context),
    ...auditQueries(context),
    ...serverQueries(context),
    ...serviceQueries(context),
    ...softwareQueries(context),
    ...whyQueries(context),
    ...placeQueries(context),
  }
}

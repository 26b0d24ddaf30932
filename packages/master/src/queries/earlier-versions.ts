import { namesOf } from './audit/names.ts'
import type { Context } from './context.ts'
import { textsOf } from './instance-rows.ts'
import type { Queries } from './queries.ts'
import { releaseNames } from './releases.ts'
import { treeRows } from './service-rows.ts'

/** What was asked for before each change of a service, newest first. */
export function earlierVersionQueries(context: Context): Pick<Queries, 'earlierVersions'> {
  const { db } = context
  return {
    async earlierVersions(scope, reference) {
      const tree = await treeRows(context, scope)
        .where('tree.id', 'in', (eb) =>
          eb.selectFrom('instance as any').select('any.tree_id').where('any.reference', '=', reference),
        )
        .executeTakeFirst()
      if (!tree) return undefined
      const rows = await db
        .selectFrom('earlier_version')
        .innerJoin('instance', 'instance.id', 'earlier_version.instance_id')
        .selectAll('earlier_version')
        .where('instance.reference', '=', tree.reference)
        .orderBy('earlier_version.revision', 'desc')
        .execute()
      const [names, releases] = await Promise.all([
        namesOf(
          db,
          rows.map((row) => row.replaced_by),
        ),
        releaseNames(
          context,
          rows.map((row) => row.release_url),
        ),
      ])
      return rows.map((row) => ({
        id: String(row.revision),
        until: row.replaced_at,
        replacedBy: row.replaced_by === 'system' ? 'SlapOS' : (names.get(row.replaced_by) ?? row.replaced_by),
        releaseUrl: row.release_url,
        version: releases(row.release_url).version,
        softwareType: row.software_type,
        parameters: textsOf(row.parameters_json),
        filter: textsOf(row.filter_json),
      }))
    },
  }
}

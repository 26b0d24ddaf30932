import type { Context } from './context.ts'
import { projectIds } from './context.ts'
import type { Queries } from './queries.ts'
import { treeRows } from './service-rows.ts'

/** Where telemetry of a server or service is to be looked for, if it is this person's. */
export function placeQueries(context: Context): Pick<Queries, 'places' | 'ownsPartition'> {
  const { db } = context
  return {
    async ownsPartition(scope, computer, partition) {
      const row = await db
        .selectFrom('instance')
        .innerJoin('partition', 'partition.id', 'instance.partition_id')
        .innerJoin('computer', 'computer.id', 'partition.computer_id')
        .select('instance.id')
        .where('computer.reference', '=', computer)
        .where('partition.reference', '=', partition)
        .where('instance.live', '=', 1)
        .where('instance.shared', '=', 0)
        .where('instance.project_id', 'in', projectIds(scope))
        .executeTakeFirst()
      return row !== undefined
    },

    async places(scope, of) {
      if ('service' in of) {
        const tree = await treeRows(context, scope)
          .where('tree.id', 'in', (eb) =>
            eb.selectFrom('instance as any').select('any.tree_id').where('any.reference', '=', of.service),
          )
          .executeTakeFirst()
        if (!tree) return undefined
        const rows = await db
          .selectFrom('instance')
          .innerJoin('partition', 'partition.id', 'instance.partition_id')
          .innerJoin('computer', 'computer.id', 'partition.computer_id')
          .select(['computer.reference as computer', 'partition.reference as partition'])
          .where('instance.tree_id', '=', tree.id)
          .where('instance.shared', '=', 0)
          .where('instance.live', '=', 1)
          .execute()
        return rows
      }
      let mine = db
        .selectFrom('computer')
        .select('reference')
        .where('live', '=', 1)
        .where('project_id', 'in', projectIds(scope))
      if ('server' in of) mine = mine.where('reference', '=', of.server)
      const computers = await mine.execute()
      if (computers.length === 0 && 'server' in of) return undefined
      return computers.map(({ reference }) => ({ computer: reference, partition: undefined }))
    },
  }
}

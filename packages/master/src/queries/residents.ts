import { fixed } from '../store/index.ts'
import { type Context, projectIds } from './context.ts'
import type { Queries } from './queries.ts'

/** What people call the places that nodes report about. */
export function residentQueries({ db }: Context): Pick<Queries, 'residents'> {
  return {
    async residents(scope, computers) {
      if (computers.length === 0) return { titles: new Map(), services: new Map() }
      const [servers, instances] = await Promise.all([
        db.selectFrom('computer').select(['reference', 'title']).where('reference', 'in', computers).execute(),
        db
          .selectFrom('instance')
          .innerJoin('partition', 'partition.id', 'instance.partition_id')
          .innerJoin('computer', 'computer.id', 'partition.computer_id')
          .innerJoin('tree', 'tree.id', 'instance.tree_id')
          .innerJoin('instance as root', 'root.id', 'tree.root_id')
          .select([
            'computer.reference as computer',
            'partition.reference as partition',
            'root.reference as service',
            'tree.title as service_title',
            'instance.title',
          ])
          .where('computer.reference', 'in', computers)
          .where('instance.live', '=', fixed(1))
          .where('instance.shared', '=', fixed(0))
          .where('instance.project_id', 'in', projectIds(scope))
          .execute(),
      ])
      return {
        titles: new Map(servers.map(({ reference, title }) => [reference, title])),
        services: new Map(
          instances.map(({ computer, partition, service, service_title, title }) => [
            `${computer} ${partition}`,
            { service, title: title === service_title ? title : `${service_title} / ${title}` },
          ]),
        ),
      }
    },
  }
}

import { isSlapError } from '@slapos/base'
import type { Context } from './context.ts'
import { projectIds } from './context.ts'
import type { Queries } from './queries.ts'

type Mine = Pick<Queries, 'products' | 'descriptor'>

export function softwareQueries({ db, cloud }: Context): Mine {
  return {
    async products(scope) {
      const projects = projectIds(scope)
      const [products, added, servers, services] = await Promise.all([
        cloud.catalogue.products(scope.caller),
        db.selectFrom('release').select(['url', 'created_at']).execute(),
        db
          .selectFrom('installation')
          .innerJoin('computer', 'computer.id', 'installation.computer_id')
          .select(['installation.url', (eb) => eb.fn.countAll<number>().as('count')])
          .where('installation.live', '=', 1)
          .where('installation.state', '=', 'available')
          .where('computer.project_id', 'in', projects)
          .groupBy('installation.url')
          .execute(),
        db
          .selectFrom('instance')
          .innerJoin('tree', 'tree.root_id', 'instance.id')
          .select(['instance.release_url', (eb) => eb.fn.countAll<number>().as('count')])
          .where('instance.live', '=', 1)
          .where('instance.project_id', 'in', projects)
          .groupBy('instance.release_url')
          .execute(),
      ])
      const addedAt = new Map(added.map((row) => [row.url, row.created_at]))
      const onServers = new Map(servers.map((row) => [row.url, Number(row.count)]))
      const inServices = new Map(services.map((row) => [row.release_url, Number(row.count)]))
      return products.map(({ product, title, description, releases }) => ({
        name: product,
        title,
        description,
        releases: releases.map(({ url, version }) => ({
          url,
          product,
          productTitle: title,
          version,
          description,
          added: addedAt.get(url) ?? 0,
          servers: onServers.get(url) ?? 0,
          services: inServices.get(url) ?? 0,
        })),
      }))
    },

    async descriptor(scope, url) {
      try {
        const description = await cloud.catalogue.description(scope.caller, url)
        return {
          url,
          name: description.title,
          description: description.description,
          forms: description.types.map((type, index) => ({
            id: type.id,
            softwareType: type.softwareType,
            title: type.title,
            description: type.description,
            shared: type.shared,
            index,
            serialisation: type.serialisation,
            request: type.request,
            response: type.response,
            problem: type.problem,
          })),
          problem: description.types.length === 0 ? 'the release describes no software type' : null,
        }
      } catch (error) {
        if (!isSlapError(error)) throw error
        return { url, name: url, description: '', forms: [], problem: error.line }
      }
    },
  }
}

import type { CatalogueCases, CataloguePort } from '../domain/catalogue-port.ts'
import type { ReleaseDescription } from '../domain/cloud.ts'
import type { Domain } from '../domain/domain.ts'
import { idOf } from '../domain/references.ts'
import { type Actor, actorOf } from '../domain/rights/actor.ts'
import { authorize } from '../domain/rights/rights.ts'
import { masterErrors } from '../errors.ts'
import { describeRelease } from './describe.ts'
import { createFetcher, type Fetcher, type FetchPolicy } from './fetch.ts'
import { listRelease } from './list-release.ts'

/** What is edited in place (a directory), or could not be had whole, is fetched anew after this. */
const FRESH_MS = 10_000
const CATALOGUE = { name: 'the catalogue' }

/** @param from how release descriptions are fetched, or from where they may be. Default: public https only. */
export const openCatalogue =
  (from: Partial<FetchPolicy> | Fetcher = {}): CataloguePort =>
  (domain) =>
    catalogueCases(domain, typeof from === 'function' ? from : createFetcher(from))

function catalogueCases({ runner, store, clock }: Domain, fetcher: Fetcher): CatalogueCases {
  async function describe(url: string): Promise<ReleaseDescription> {
    const kept = await store.read.selectFrom('description').selectAll().where('url', '=', url).executeTakeFirst()
    const now = clock.now()
    if (kept?.description_json) {
      const known = JSON.parse(kept.description_json) as ReleaseDescription // written below
      const mayChange = !url.startsWith('https:') || known.types.some(({ problem }) => problem !== null)
      if (!mayChange || now - kept.fetched_at < FRESH_MS) return known
    }
    const description = await describeRelease(url, fetcher, now)
    await keep(description)
    return description
  }

  const keep = (description: ReleaseDescription) =>
    store.tx(async (tx) => {
      const row = {
        description_json: JSON.stringify(description),
        needs_ipv6: description.needsIpv6 ? (1 as const) : (0 as const),
        error: '',
        fetched_at: description.fetchedAt,
      }
      await tx
        .insertInto('description')
        .values({ url: description.url, ...row })
        .onConflict((conflict) => conflict.column('url').doUpdateSet(row))
        .execute()
    })

  return {
    async add(caller, url, project) {
      const actor = await actorOf(store.read, caller)
      const projectId = project === undefined ? null : (idOf('project', project) ?? -1)
      authorize(actor, 'catalogue.add', { name: project ?? CATALOGUE.name, projectId: projectId ?? managedBy(actor) })
      const description = await describeRelease(url, fetcher, clock.now())
      await keep(description)
      await runner.run(caller, (unit) => listRelease(unit, description, projectId))
      return { product: description.name, version: description.version }
    },

    async products(caller) {
      const actor = await actorOf(store.read, caller)
      authorize(actor, 'catalogue.list', CATALOGUE)
      const rows = await store.read
        .selectFrom('product')
        .leftJoin('release', 'release.product_id', 'product.id')
        .select([
          'product.reference',
          'product.title',
          'product.description',
          'product.project_id',
          'release.url',
          'release.version',
        ])
        .orderBy('product.title')
        .orderBy('product.id')
        .orderBy('release.id', 'desc')
        .execute()
      const products = new Map<
        string,
        { product: string; title: string; description: string; releases: { url: string; version: string }[] }
      >()
      for (const { reference, title, description, project_id, url, version } of rows) {
        if (!sees(actor, project_id)) continue
        const product = products.get(reference) ?? { product: reference, title, description, releases: [] }
        if (url !== null) product.releases.push({ url, version: version ?? '' })
        products.set(reference, product)
      }
      return [...products.values()]
    },

    async description(caller, url) {
      authorize(await actorOf(store.read, caller), 'catalogue.list', CATALOGUE)
      if (caller.kind !== 'person' && caller.kind !== 'system') {
        throw masterErrors.NOT_ALLOWED({ action: 'catalogue.description', what: url, who: 'member' })
      }
      return describe(url)
    },

    async releases(caller, by) {
      const actor = await actorOf(store.read, caller)
      authorize(actor, 'software.releases', CATALOGUE)
      let query = store.read
        .selectFrom('release')
        .innerJoin('product', 'product.id', 'release.product_id')
        .select(['release.url', 'product.project_id'])
        .orderBy('release.id', 'desc')
      query =
        'product' in by
          ? query.where('product.reference', '=', by.product)
          : query.where('product.id', '=', (eb) =>
              eb.selectFrom('release as known').select('known.product_id').where('known.url', '=', by.release),
            )
      const rows = await query.execute()
      return rows.flatMap(({ url, project_id }) => (sees(actor, project_id) ? [url] : []))
    },
  }
}

/** The catalogue of everybody is open to whoever manages a project. */
function managedBy(actor: Actor): number | null {
  if (actor.kind !== 'person' || actor.grant?.project !== undefined) return null
  return [...actor.roles].find(([, role]) => role !== 'member')?.[0] ?? null
}

function sees(actor: Actor, projectId: number | null): boolean {
  if (projectId === null || actor.kind === 'system') return true
  if (actor.kind === 'person') return actor.operator || actor.roles.has(projectId)
  return actor.projectId === projectId
}

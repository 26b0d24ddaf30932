import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Status, Subject } from '../api/panel/schemas/index.ts'
import { auditQueries } from './audit.ts'
import type { Context } from './context.ts'
import { projectIds } from './context.ts'
import { containing } from './keyset.ts'
import type { Queries, Scope } from './queries.ts'
import { serverQueries } from './servers.ts'
import { serviceItems, treeRows } from './services.ts'

type Mine = Pick<Queries, 'home' | 'search' | 'topology'>
type SubjectItem = Static<typeof Subject>

const SHOWN = 50
/** Counting colours reads every service: what was counted is good for so long. */
const FRESH_MS = 1000
const SEVERITY: Readonly<Record<Status['color'], number>> = { red: 0, yellow: 1, grey: 2, green: 3 }

export function homeQueries(context: Context): Mine {
  const servers = serverQueries(context)
  const audit = auditQueries(context)
  const kept = new Map<string, { readonly at: number; readonly all: Promise<Overview> }>()

  function overview(scope: Scope): Promise<Overview> {
    const key = scope.projects.toSorted().join(' ')
    const at = context.clock.monotonic()
    const known = kept.get(key)
    if (known && at - known.at < FRESH_MS) return known.all
    const all = read(scope)
    kept.set(key, { at, all })
    all.catch(() => kept.delete(key))
    return all
  }

  async function read(scope: Scope): Promise<Overview> {
    const found = await servers.servers(scope, { limit: 200 })
    const serverSubjects = found.items.map(
      ({ computer, title, status }): SubjectItem => ({
        kind: 'server',
        reference: computer,
        title,
        parent: '',
        status,
      }),
    )
    const installations = (
      await Promise.all(found.items.map(({ computer }) => servers.installations(scope, computer)))
    ).flat()
    const services: SubjectItem[] = []
    const trees = await treeRows(context, scope).orderBy('tree.id', 'desc').execute()
    for (let start = 0; start < trees.length; start += 500) {
      const items = await serviceItems(context, trees.slice(start, start + 500))
      services.push(
        ...items.map(
          ({ reference, title, status }): SubjectItem => ({ kind: 'service', reference, title, parent: '', status }),
        ),
      )
    }
    return {
      servers: serverSubjects,
      services,
      installations: installations.map(({ id, product, version, computer, status }) => ({
        kind: 'installation',
        reference: id,
        title: `${product} ${version}`.trim(),
        parent: computer,
        status,
      })),
    }
  }

  return {
    async home(scope) {
      const [all, recent] = await Promise.all([overview(scope), audit.audit(scope, { limit: 12 })])
      const attention = [...all.servers, ...all.installations, ...all.services]
        .filter(({ status }) => status.color === 'red' || status.color === 'yellow')
        .sort((a, b) => SEVERITY[a.status.color] - SEVERITY[b.status.color])
      const started = all.services.length > 0
      return {
        servers: count(all.servers),
        services: count(all.services),
        attention: attention.slice(0, SHOWN),
        attentionTotal: attention.length,
        checklist: [
          { step: 'server', done: all.servers.length > 0 },
          { step: 'software', done: all.installations.length > 0 || started },
          { step: 'service', done: started },
          { step: 'running', done: all.services.some(({ status }) => status.color === 'green') },
        ],
        recent: recent.items,
      }
    },

    async search(scope, text) {
      const like = containing(text)
      const [found, trees, products] = await Promise.all([
        servers.servers(scope, { q: text, limit: 8 }),
        treeRows(context, scope)
          .where(
            sql<boolean>`(lower(tree.title) like ${like} escape '\\' or lower(root.reference) like ${like} escape '\\')`,
          )
          .orderBy('tree.title')
          .limit(12)
          .execute(),
        context.db
          .selectFrom('product')
          .select(['reference', 'title'])
          .where(sql<boolean>`lower(title) like ${like} escape '\\'`)
          .where((eb) => eb.or([eb('project_id', 'is', null), eb('project_id', 'in', projectIds(scope))]))
          .limit(6)
          .execute(),
      ])
      const services = await serviceItems(context, trees)
      return [
        ...services.map(
          ({ reference, title, status }): SubjectItem => ({ kind: 'service', reference, title, parent: '', status }),
        ),
        ...found.items.map(
          ({ computer, title, status }): SubjectItem => ({
            kind: 'server',
            reference: computer,
            title,
            parent: '',
            status,
          }),
        ),
        ...products.map(({ reference, title }): SubjectItem => {
          const status = { color: 'grey', word: 'software', reason: '', since: null } as const
          return { kind: 'product', reference, title, parent: '', status }
        }),
      ]
    },

    async topology(scope) {
      const found = await servers.servers(scope, { limit: 200 })
      const trees = await treeRows(context, scope).where('computer.reference', 'is not', null).limit(1001).execute()
      const items = await serviceItems(context, trees.slice(0, 1000))
      const sizes = await instancesPerTree(
        context,
        trees.map((tree) => tree.id),
      )
      return {
        servers: found.items.map(({ computer, title, status }) => ({
          computer,
          title,
          status,
          address: context.facts(computer)?.address ?? '',
        })),
        services: items.map(({ reference, title, computer, status }, index) => ({
          reference,
          title,
          computer: computer ?? '',
          instances: sizes.get(trees[index]?.id ?? -1) ?? 1,
          status,
        })),
        truncated: trees.length > 1000 || found.next !== null,
      }
    },
  }
}

interface Overview {
  readonly servers: readonly SubjectItem[]
  readonly services: readonly SubjectItem[]
  readonly installations: readonly SubjectItem[]
}

function count(subjects: readonly SubjectItem[]) {
  const counts = { green: 0, yellow: 0, red: 0, grey: 0 }
  for (const { status } of subjects) counts[status.color] += 1
  return counts
}

async function instancesPerTree({ db }: Context, trees: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (trees.length === 0) return new Map()
  const rows = await db
    .selectFrom('instance')
    .select(['tree_id', (eb) => eb.fn.countAll<number>().as('count')])
    .where('tree_id', 'in', [...trees])
    .where('live', '=', 1)
    .groupBy('tree_id')
    .execute()
  return new Map(rows.map((row) => [row.tree_id, Number(row.count)]))
}

import { idOf } from '../domain/references.ts'
import { fixed, type Store } from '../store/index.ts'
import type { Hint } from './hint.ts'

/** A service that a hint is about: its reference, and whose it is. */
export interface Concerned {
  readonly reference: string
  readonly project: string
}

/** More than these are not named: the reader looks at what he shows of them. */
const MOST = 50

/**
 * The services that a hint is about, by the reference of their root, so that a reader fetches those and no other.
 * Undefined: it is about a whole server, or about none.
 */
export function createConcerned(store: Store): (hint: Hint) => Promise<readonly Concerned[] | undefined> {
  const roots = () =>
    store.read
      .selectFrom('tree')
      .innerJoin('instance as root', 'root.id', 'tree.root_id')
      .innerJoin('project', 'project.id', 'tree.project_id')
      .select(['root.reference', 'project.reference as project'])
      .distinct()
      .limit(MOST + 1)

  return async ({ kind, reference }) => {
    const found = await find(kind, reference)
    return found === undefined || found.length > MOST ? undefined : found
  }

  async function find(kind: string, reference: string): Promise<readonly Concerned[] | undefined> {
    if (kind === 'service') {
      return roots()
        .where('tree.id', '=', idOf('tree', reference) ?? -1)
        .execute()
    }
    if (kind === 'instance') {
      return roots()
        .innerJoin('instance as any', 'any.tree_id', 'tree.id')
        .where('any.id', '=', idOf('instance', reference) ?? -1)
        .execute()
    }
    const [computer, partition] = reference.split('/', 2)
    if (partition === undefined || !IN_PARTITIONS.has(kind)) return undefined
    const inside = roots()
      .innerJoin('instance as any', 'any.tree_id', 'tree.id')
      .innerJoin('partition', 'partition.id', 'any.partition_id')
      .where('any.live', '=', fixed(1))
      .where('partition.computer_id', '=', idOf('computer', computer ?? '') ?? -1)
      .where('partition.reference', '=', partition)
    // A slave that changed is told by itself; how its host fares concerns every slave.
    return (kind === 'telemetry' ? inside : inside.where('any.shared', '=', 0)).execute()
  }
}

const IN_PARTITIONS: ReadonlySet<string> = new Set(['partition', 'slaves', 'telemetry'])

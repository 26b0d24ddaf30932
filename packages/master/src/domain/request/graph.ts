import { masterErrors } from '../../errors.ts'
import type { Sql } from '../../store/index.ts'
import type { InstanceRow } from '../rows.ts'

/**
 * Throws unless `requester` may have `child` below it: the requester must hang from the root, and must not itself hang
 * from the child. Costs the depth of the tree.
 */
export async function checkAttachment(
  tx: Sql,
  rootId: number,
  requester: InstanceRow,
  child: { readonly id: number | undefined; readonly title: string },
): Promise<void> {
  const seen = new Set<number>()
  let at: { readonly id: number; readonly parent_id: number | null } = requester
  for (;;) {
    if (at.id === child.id) throw masterErrors.CYCLE({ title: child.title, requester: requester.title })
    if (at.id === rootId) return
    seen.add(at.id)
    const above: typeof at | undefined =
      at.parent_id === null || seen.has(at.parent_id)
        ? undefined
        : await tx.selectFrom('instance').select(['id', 'parent_id']).where('id', '=', at.parent_id).executeTakeFirst()
    if (!above) throw masterErrors.DISCONNECTED({ requester: requester.title })
    at = above
  }
}

import { fixed, type Reader } from '../../store/index.ts'

/** Services with an instance (or a slave) in these partitions of a server; undefined: in any. */
export async function servicesIn(db: Reader, computer: number, partitions?: readonly string[]) {
  let places = db.selectFrom('partition').select('id').where('computer_id', '=', computer)
  if (partitions !== undefined) places = places.where('reference', 'in', [...partitions])
  const rows = await db
    .selectFrom('instance')
    .select('tree_id')
    .distinct()
    .where('live', '=', fixed(1))
    .where('partition_id', 'in', places)
    .execute()
  return rows.map(({ tree_id }) => tree_id)
}

/** Services on a server that run this release. */
export async function servicesWith(db: Reader, computer: number, url: string): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('instance')
    .select('tree_id')
    .distinct()
    .where('live', '=', fixed(1))
    .where('partition_id', 'in', db.selectFrom('partition').select('id').where('computer_id', '=', computer))
    .where('release_url', '=', url)
    .execute()
  return rows.map(({ tree_id }) => tree_id)
}

/** Rows of all services that are shown, in batches. */
export async function* everyService(db: Reader, batch: number): AsyncGenerator<readonly number[]> {
  for (let last = -1; ; ) {
    const rows = await db
      .selectFrom('tree')
      .innerJoin('instance as root', 'root.id', 'tree.root_id')
      .select('tree.id')
      .where('root.live', '=', fixed(1))
      .where('tree.id', '>', last)
      .orderBy('tree.id')
      .limit(batch)
      .execute()
    if (rows.length === 0) return
    last = rows.at(-1)?.id ?? last
    yield rows.map(({ id }) => id)
  }
}

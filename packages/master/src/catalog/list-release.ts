import type { ReleaseDescription } from '../domain/cloud.ts'
import { take } from '../domain/unit/counters.ts'
import type { Unit } from '../domain/unit/unit.ts'

/** Lists a described release under its product. A release that is listed already only refreshes the product's texts. */
export async function listRelease(
  unit: Unit,
  description: ReleaseDescription,
  projectId: number | null,
): Promise<void> {
  const { url, name, version, title } = description
  const product = await unit.sql.selectFrom('product').selectAll().where('reference', '=', name).executeTakeFirst()
  const productId = product?.id ?? (await take(unit.sql, 'product'))
  const texts = { title, description: description.description }
  if (product) await unit.sql.updateTable('product').set(texts).where('id', '=', product.id).execute()
  else {
    await unit.sql
      .insertInto('product')
      .values({ id: productId, reference: name, project_id: projectId, ...texts, created_at: unit.now })
      .execute()
  }
  const listed = await unit.sql.selectFrom('release').selectAll().where('url', '=', url).executeTakeFirst()
  if (listed) {
    await unit.sql.updateTable('release').set({ version, product_id: productId }).where('id', '=', listed.id).execute()
  } else {
    const id = await take(unit.sql, 'release')
    await unit.sql
      .insertInto('release')
      .values({ id, product_id: productId, url, version, created_at: unit.now })
      .execute()
  }
  unit.tell('catalogue', name)
  unit.audit('catalogue.add', name, null, { url, version })
}

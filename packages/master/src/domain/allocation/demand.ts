import { fixed, prepared, type Sql } from '../../store/index.ts'
import { dictionaryOf } from '../dictionary.ts'
import { referenceOf } from '../references.ts'
import type { InstanceRow } from '../rows.ts'
import { parseSla } from '../sla.ts'
import type { Demand } from './choose.ts'

export async function demandOf(tx: Sql, row: InstanceRow): Promise<Demand> {
  const sla = parseSla(dictionaryOf(row.filter_json))
  const [release] = await releaseNames(tx, { url: row.release_url })
  const [described] = await descriptions(tx, { url: row.release_url })
  return {
    needsIpv6: described?.needs_ipv6 === 1,
    releaseUrl: row.release_url,
    releaseName: release ? `${release.reference} ${release.version}` : row.release_url,
    softwareType: row.software_type,
    sla,
    project: referenceOf('project', row.project_id),
    usedNetworks: sla.uniqueByNetwork ? await networksOf(tx, row) : new Set(),
  }
}

const releaseNames = prepared((db, { url }: { url: string }) =>
  db
    .selectFrom('release')
    .innerJoin('product', 'product.id', 'release.product_id')
    .select(['product.reference', 'release.version'])
    .where('release.url', '=', url),
)

const descriptions = prepared((db, { url }: { url: string }) =>
  db.selectFrom('description').select('needs_ipv6').where('url', '=', url),
)

async function networksOf(tx: Sql, row: InstanceRow): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('instance')
    .innerJoin('partition', 'partition.id', 'instance.partition_id')
    .innerJoin('computer', 'computer.id', 'partition.computer_id')
    .select('computer.network_id')
    .where('instance.tree_id', '=', row.tree_id)
    .where('instance.live', '=', fixed(1))
    .where('instance.id', '<>', row.id)
    .execute()
  return new Set(rows.flatMap(({ network_id }) => (network_id === null ? [] : [referenceOf('network', network_id)])))
}

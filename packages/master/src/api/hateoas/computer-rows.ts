import { createHash } from 'node:crypto'
import { isSlapError } from '@slapos/base'
import type { Caller } from '../../domain/cloud.ts'
import type { HateoasOptions, ListedComputer } from './options.ts'
import { type Row, row } from './row.ts'

export const computerRow = (computer: ListedComputer): Row =>
  row('computer', 'Compute Node', computer, { columns: {}, fields: {} })

/** With what the node and its partitions told last; the partitions for those who may look at them. */
export async function computerView({ cloud }: HateoasOptions, caller: Caller, computer: ListedComputer): Promise<Row> {
  const instances = await orNothing(cloud.instances.listOfComputer(caller, computer.reference))
  const news = {
    computer: await cloud.nodes.status(caller, computer.reference),
    partition: Object.fromEntries(instances.map(({ partition, status }) => [partition, status])),
  }
  const fields = { my_news: { type: 'StringField', default: news } } as const
  return row('computer', 'Compute Node', computer, { columns: {}, fields })
}

/** The releases of these nodes, of which the caller may look at them. */
export async function installationRows(
  { cloud }: HateoasOptions,
  caller: Caller,
  computers: readonly ListedComputer[],
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { reference } of computers) {
    const document = await orNothing(cloud.nodes.document(caller, reference).then(({ value }) => value.installations))
    for (const { url } of document) {
      const name = `${reference}-${createHash('md5').update(url).digest('hex')}`
      const news = await cloud.software.status(caller, reference, url)
      const columns = { url_string: url, SoftwareInstallation_getNewsDict: news }
      rows.push(row('installation', 'Software Installation', { reference: name, title: name }, { columns, fields: {} }))
    }
  }
  return rows
}

async function orNothing<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
  return asked.catch((error: unknown) => {
    if (isSlapError(error) && error.code === 'NOT_ALLOWED') return []
    throw error
  })
}

import type { AccessStatus } from '@slapos/slap'
import { writeInstanceXml } from '@slapos/slap'
import type { Caller, InstanceView } from '../../domain/cloud.ts'
import type { HateoasOptions, ListedComputer } from './options.ts'
import type { Conditions } from './query.ts'

/** A found object: its columns, and what its view shows. */
export interface Row {
  readonly relativeUrl: string
  readonly type: string
  readonly columns: Readonly<Record<string, unknown>>
  readonly fields: Readonly<Record<string, Field>>
}

export interface Field {
  readonly type: 'StringField' | 'IntegerField' | 'TextAreaField'
  readonly default: unknown
}

const text = (value: string): Field => ({ type: 'StringField', default: value })

/** What existing clients and their predecessors call the two things that can be listed. */
const TREES = new Set(['Instance Tree', 'Hosting Subscription'])
const COMPUTERS = new Set(['Compute Node', 'Computer'])

export async function findRows(
  { cloud, computers }: HateoasOptions,
  caller: Caller,
  query: Conditions,
): Promise<readonly Row[]> {
  const types = query.get('portal_type') ?? []
  const rows: Row[] = []
  if (types.some((type) => TREES.has(type))) {
    const title = query.get('title')?.[0]
    const roots = await cloud.instances.listRoots(caller)
    rows.push(...roots.filter((root) => title === undefined || root.title === title).map(treeRow))
  }
  if (types.some((type) => COMPUTERS.has(type))) {
    const [reference, title] = [query.get('reference')?.[0], query.get('title')?.[0]]
    const known = await computers(caller)
    rows.push(
      ...known
        .filter((one) => (reference ?? one.reference) === one.reference && (title ?? one.title) === one.title)
        .map((one) => computerRow(one)),
    )
  }
  return rows
}

/** The object behind a relative URL, or undefined. */
export async function findRow(options: HateoasOptions, caller: Caller, relativeUrl: string): Promise<Row | undefined> {
  const [module, id = ''] = relativeUrl.split('/')
  if (module === 'instance_tree_module') return treeRow(await options.cloud.instances.get(caller, id))
  if (module !== 'compute_node_module') return undefined
  const computer = (await options.computers(caller)).find(({ reference }) => reference === id)
  return computer && computerRow(computer, await options.cloud.nodes.status(caller, id))
}

function treeRow(root: InstanceView): Row {
  const relativeUrl = `instance_tree_module/${root.guid}`
  const connection = Object.entries(root.connection).map(([connection_key, connection_value]) => ({
    connection_key,
    connection_value,
  }))
  return {
    relativeUrl,
    type: 'Instance Tree',
    columns: {
      title: root.title,
      reference: root.guid,
      relative_url: relativeUrl,
      uid: root.guid,
      portal_type: 'Instance Tree',
      url_string: root.releaseUrl,
      text_content: writeInstanceXml(root.parameters),
    },
    fields: {
      my_title: text(root.title),
      my_reference: text(root.guid),
      my_url_string: text(root.releaseUrl),
      my_slap_state: text(root.state),
      my_source_reference: text(root.softwareType),
      my_root_slave: { type: 'IntegerField', default: root.shared ? 1 : 0 },
      my_text_content: { type: 'TextAreaField', default: writeInstanceXml(root.parameters) },
      my_connection_parameter_list: { type: 'StringField', default: connection },
      my_news: { type: 'StringField', default: { instance: [root.status] } },
    },
  }
}

function computerRow({ reference, title }: ListedComputer, status?: AccessStatus): Row {
  const relativeUrl = `compute_node_module/${reference}`
  return {
    relativeUrl,
    type: 'Compute Node',
    columns: { title, reference, relative_url: relativeUrl, uid: reference, portal_type: 'Compute Node' },
    fields: {
      my_title: text(title),
      my_reference: text(reference),
      ...(status && { my_news: { type: 'StringField', default: { computer: status } } }),
    },
  }
}

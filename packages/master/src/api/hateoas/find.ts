import type { Caller } from '../../domain/cloud.ts'
import { computerRow, computerView, installationRows } from './computer-rows.ts'
import { instanceRow, treeRow } from './instance-rows.ts'
import type { HateoasOptions } from './options.ts'
import type { Conditions } from './query.ts'
import { MODULES, type Row, row, text } from './row.ts'

/** What existing clients and their predecessors call what they list. */
const TREES = new Set(['Instance Tree', 'Hosting Subscription'])
const INSTANCES = new Set(['Software Instance', 'Slave Instance'])
const COMPUTERS = new Set(['Compute Node', 'Computer'])
const INSTALLATIONS = new Set(['Software Installation'])

export async function findRows(options: HateoasOptions, caller: Caller, query: Conditions): Promise<readonly Row[]> {
  const { cloud } = options
  const types = query.get('portal_type') ?? []
  const asked = (names: ReadonlySet<string>) => types.some((type) => names.has(type))
  const condition = (name: string) => query.get(name)?.[0]
  const has = (name: string, value: string) => (condition(name) ?? value) === value
  const rows: Row[] = []
  if (asked(TREES)) {
    const roots = await cloud.instances.listRoots(caller)
    rows.push(...roots.filter((root) => has('title', root.title)).map(treeRow))
  }
  if (asked(INSTANCES)) {
    const roots = await cloud.instances.listRoots(caller)
    for (const root of roots.filter(({ title }) => has('default_specialise_title', title))) {
      const tree = (await cloud.instances.listOfTree(caller, root.guid)).map(instanceRow)
      rows.push(...tree.filter(({ type, columns }) => types.includes(type) && has('title', String(columns['title']))))
    }
  }
  if (asked(COMPUTERS)) {
    const known = await options.computers(caller)
    rows.push(...known.filter((one) => has('reference', one.reference) && has('title', one.title)).map(computerRow))
  }
  if (asked(INSTALLATIONS)) {
    const known = await options.computers(caller)
    const wanted = known.filter(({ reference }) => has('default_aggregate_reference', reference))
    rows.push(...(await installationRows(options, caller, wanted)))
  }
  return rows
}

/** The object behind a relative URL, or undefined. */
export async function findRow(options: HateoasOptions, caller: Caller, relativeUrl: string): Promise<Row | undefined> {
  const { cloud } = options
  const [module, id = ''] = relativeUrl.split('/')
  if (module === MODULES.tree) return treeRow(await cloud.instances.get(caller, id))
  if (module === MODULES.instance) return instanceRow(await cloud.instances.get(caller, id))
  if (module === MODULES.person) return relativeUrl === ownUrl(caller) ? personRow(options, caller, id) : undefined
  const computers = await options.computers(caller)
  if (module === MODULES.installation) {
    const rows = await installationRows(options, caller, computers)
    return rows.find((each) => each.relativeUrl === relativeUrl)
  }
  const computer = computers.find(({ reference }) => module === MODULES.computer && reference === id)
  return computer && computerView(options, caller, computer)
}

/** The object that the caller is: clients find it by the link `me`. */
export function ownUrl(caller: Caller): string | undefined {
  if (caller.kind === 'person') return `${MODULES.person}/${caller.person}`
  if (caller.kind === 'computer') return `${MODULES.computer}/${caller.computer}`
  return caller.kind === 'instance' ? `${MODULES.instance}/${caller.instance}` : undefined
}

async function personRow({ cloud }: HateoasOptions, caller: Caller, reference: string): Promise<Row> {
  const { name, email } = await cloud.people.get(caller, reference)
  const fields = { my_first_name: text(name), my_default_email_text: { type: 'EmailField', default: email } } as const
  return row('person', 'Person', { reference, title: name }, { columns: {}, fields })
}

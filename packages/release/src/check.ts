import { messageOf } from '@slapos/base'
import { checkSchemas } from './check-schemas.ts'
import { quote } from './decode.ts'
import { releaseErrors } from './errors.ts'
import { findForm, loadRelease, type Release, readSchema } from './load-release.ts'
import type { InstanceInput, InstancePlan } from './plan.ts'
import { runInstance } from './run-instance.ts'

export interface CheckedType {
  readonly form: string
  readonly type: string
  readonly shared: boolean
  /** What the dry run gave; undefined for a slave type. */
  readonly plan: InstancePlan | undefined
}

export interface CheckReport {
  readonly release: Release
  readonly types: readonly CheckedType[]
}

/**
 * Everything that can be said about a release without building it: manifest, schemas, and a dry run of every software
 * type, twice, with the schema's defaults and examples. Throws what is wrong: the one error, or RELEASE_INVALID with
 * all of them.
 */
export async function checkRelease(directory: string, options: { readonly node?: string } = {}): Promise<CheckReport> {
  const release = await loadRelease(directory)
  const problems: unknown[] = []
  const types: CheckedType[] = []
  for (const [name, entry] of Object.entries(release.manifest['software-type'])) {
    const form = findForm(release, entry['software-type'] ?? name, entry.shared ?? false)
    const wrong = await checkSchemas(release, form)
    problems.push(...wrong)
    if (wrong.length > 0) continue // its example would be wrong too
    const { type, shared } = form
    try {
      const schema = await readSchema(release, form.request)
      const plan = shared ? undefined : await dryRun(release, type, exampleOf(schema), options.node)
      types.push({ form: name, type, shared, plan })
    } catch (problem) {
      problems.push(problem)
    }
  }
  const [only, ...more] = new Map(problems.map((problem) => [messageOf(problem), problem])).values()
  if (only !== undefined && more.length === 0) throw only
  if (only !== undefined) {
    const list = [only, ...more].map((problem) => `\n  ${messageOf(problem)}`).join('')
    throw releaseErrors.RELEASE_INVALID({ path: directory, count: more.length + 1, list })
  }
  return { release, types }
}

async function dryRun(release: Release, type: string, parameters: unknown, node = process.execPath) {
  const partition = '/srv/slapgrid/slappart0'
  const input: InstanceInput = {
    format: 1,
    title: 'check',
    rootTitle: 'check',
    guid: 'SOFTINST-0',
    computer: 'COMP-0',
    partition: 'slappart0',
    softwareType: type,
    state: 'started',
    parameters,
    ipv4: '127.0.0.2',
    ipv6: release.manifest.requires?.ipv6 ? '::1' : null,
    paths: { partition, release: release.directory, node },
    slaves: [],
    children: {},
    seed: '00'.repeat(32),
  }
  const run = () => runInstance({ releaseDirectory: release.directory, input, node })
  const [plan, again] = await Promise.all([run(), run()])
  const field = firstDifference(plan, again, '')
  if (field !== undefined) throw releaseErrors.PLAN_UNSTABLE({ type, field })
  return plan
}

/** The first example of a schema, or what its required properties' examples and defaults make. */
export function exampleOf(schema: Readonly<Record<string, unknown>>): unknown {
  const { examples, default: given, properties, required } = schema
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if (given !== undefined) return given
  if (typeof properties !== 'object' || properties === null || !Array.isArray(required)) return {}
  const values = Object.entries(properties).flatMap(([key, property]): [string, unknown][] => {
    if (!required.includes(key) || typeof property !== 'object' || property === null) return []
    return [[key, property.const ?? exampleOf(property)]]
  })
  return Object.fromEntries(values)
}

function firstDifference(a: unknown, b: unknown, field: string): string | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b ? undefined : field || 'the plan'
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const name = Array.isArray(a) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`
    const found = firstDifference(Reflect.get(a, key), Reflect.get(b, key), name)
    if (found !== undefined) return found
  }
  return undefined
}

/** What `slapos release check DIR` prints. */
export function describeCheck({ release, types }: CheckReport): string {
  const { manifest, directory } = release
  const lines = [`${manifest.title} (${manifest.name} ${manifest.version}), ${directory}`]
  lines.push(`  build: ${manifest.build.map((step) => step.type).join(', ') || 'nothing to build'}`)
  for (const { form, type, shared, plan } of types) {
    const title = form === type ? type : `${form} (type ${type})`
    lines.push(shared ? `  ${title}: slave, schemas are valid` : `  ${title}:`)
    if (!plan) continue
    const names = (list: readonly { readonly name: string }[]) => list.map((entry) => entry.name).join(', ')
    const facts = [
      ['files', plan.files.map((file) => file.path).join(', ')],
      ['one-shots', names(plan.oneShots)],
      ['services', names(plan.services)],
      ['promises', names(plan.promises)],
      ['forwards', plan.forwards.map(({ listenPort, targetPort }) => `${listenPort} -> ${targetPort}`).join(', ')],
      ['requests', plan.requests.map((request) => quote(request.title)).join(', ')],
      ['publishes', Object.keys(plan.publish).join(', ')],
      ['controller', plan.controller?.service ?? ''],
    ] as const
    for (const [name, value] of facts) if (value !== '') lines.push(`    ${name}: ${value}`)
  }
  lines.push('The release is valid.')
  return `${lines.join('\n')}\n`
}

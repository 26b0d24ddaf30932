import { masterErrors } from '../errors.ts'
import { anchorIn, isObject, pointedAt } from './json-pointer.ts'
import type { SchemaFile, SchemaLibrary } from './schema-library.ts'

/** Keywords that hold data: what looks like a reference in there is none. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples'])
/** Keywords that hold schemas by names which people choose. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'])
const DEEPEST = 200
const MOST_INCLUDED = 30
const MOST_NODES = 50_000

type Files = ReadonlyMap<string, SchemaFile>

/**
 * One JSON schema without references to other files: those are put under `$defs`, where the references then lead, so
 * that cycles stay cycles. As existing releases expect, `#/` is the whole file, and a `$ref` among names (as in
 * `properties`) adds the names that it leads to. Throws SCHEMA_REFUSED.
 */
export async function bundleSchema(url: string, library: SchemaLibrary): Promise<unknown> {
  const main = await library.open(url)
  const files = await everyFile(main, library)
  const names = chooseNames(main, files)
  const rewrite = rewriter(files, names)
  const own = rewrite(main)
  if (typeof own === 'boolean') return own
  if (!isObject(own)) throw refused(main, 'it is not a JSON schema')
  const { $defs, ...rest } = own
  const added = [...files.values()].flatMap((file) => {
    const name = names.get(file.url)
    return name === undefined ? [] : [[name, rewrite(file)] as const]
  })
  const all = { ...(isObject($defs) ? $defs : {}), ...Object.fromEntries(added) }
  const bundle = Object.keys(all).length === 0 ? rest : { ...rest, $defs: all }
  library.spend(url, JSON.stringify(bundle).length)
  return bundle
}

/** The file and all that it refers to, directly or not. */
async function everyFile(main: SchemaFile, library: SchemaLibrary): Promise<Files> {
  const found = new Map<string, SchemaFile>()
  const waiting = [main.url]
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (found.has(url)) continue
    const file = await library.open(url)
    found.set(url, file)
    for (const reference of referencesIn(file.content, file)) waiting.push(targetOf(reference, file).url)
  }
  return found
}

function* referencesIn(value: unknown, file: SchemaFile, named = false, depth = 0): Generator<string> {
  if (depth > DEEPEST) throw refused(file, `it is nested deeper than ${DEEPEST}`)
  if (Array.isArray(value)) for (const item of value) yield* referencesIn(item, file, false, depth + 1)
  if (!isObject(value)) return
  for (const [key, item] of Object.entries(value)) {
    if (key === '$ref' && typeof item === 'string') yield item
    else if (named || !DATA.has(key)) yield* referencesIn(item, file, !named && NAMED.has(key), depth + 1)
  }
}

/** Where each file but the first goes under `$defs`: readable, and beside what is there. */
function chooseNames(main: SchemaFile, files: Files): ReadonlyMap<string, string> {
  const present = pointedAt(main.content, '/$defs')
  const taken = new Set(isObject(present) ? Object.keys(present) : [])
  const names = new Map<string, string>()
  for (const { url } of files.values()) {
    if (url === main.url) continue
    const file = new URL(url).pathname.split('/').at(-1) ?? ''
    const plain = file.replace(/\.json$/, '').replace(/[^\w.-]+/g, '-') || 'schema'
    let name = plain
    for (let more = 2; taken.has(name); more += 1) name = `${plain}-${more}`
    taken.add(name)
    names.set(url, name)
  }
  return names
}

function rewriter(files: Files, names: ReadonlyMap<string, string>): (file: SchemaFile) => unknown {
  let nodes = 0
  return (file) => schema(file.content, file, [])

  function schema(value: unknown, file: SchemaFile, included: readonly string[]): unknown {
    nodes += 1
    if (nodes > MOST_NODES) throw refused(file, `it holds more than ${MOST_NODES} values with what it refers to`)
    if (Array.isArray(value)) return value.map((item) => schema(item, file, included))
    if (!isObject(value)) return value
    const entries = Object.entries(value).flatMap(([key, item]): (readonly [string, unknown])[] => {
      if (key === '$ref' && typeof item === 'string') return [[key, inside(item, file)]]
      if (typeof item === 'string' && isName(key, names.has(file.url))) return []
      if (DATA.has(key)) return [[key, item]]
      if (NAMED.has(key) && isObject(item)) return [[key, named(item, file, included)]]
      return [[key, schema(item, file, included)]]
    })
    return Object.fromEntries(entries)
  }

  function named(map: Readonly<Record<string, unknown>>, file: SchemaFile, included: readonly string[]) {
    const reference = map['$ref']
    const entries = Object.entries(map)
      .filter(([key]) => key !== '$ref' || typeof reference !== 'string')
      .map(([key, item]) => [key, schema(item, file, included)] as const)
    return Object.fromEntries(typeof reference === 'string' ? [...more(reference), ...entries] : entries)

    function more(reference: string): readonly (readonly [string, unknown])[] {
      const { url, pointer } = targetOf(reference, file)
      const from = files.get(url) ?? file
      const target = pointedAt(from.content, pointer)
      if (!isObject(target)) throw refused(file, `${reference} leads to nothing that has names`)
      const place = `${url}#${pointer}`
      if (included.includes(place) || included.length > MOST_INCLUDED) throw refused(file, `${reference} has no end`)
      return Object.entries(named(target, from, [...included, place]))
    }
  }

  /** The same reference, inside the bundle. */
  function inside(reference: string, file: SchemaFile): string {
    const { url, pointer } = targetOf(reference, file)
    const target = files.get(url) ?? file
    const found = pointer === '' || pointer.startsWith('/') ? pointer : anchorIn(target.content, pointer)
    if (found === undefined || pointedAt(target.content, found) === undefined) {
      throw refused(file, `${reference} leads to nothing`)
    }
    const name = names.get(url)
    return `#${name === undefined ? '' : `/$defs/${name}`}${found}`
  }
}

/** The bundle is one document: other names for its parts would mislead who resolves references in it. */
const isName = (key: string, embedded: boolean): boolean =>
  key === '$id' || key === '$anchor' || (embedded && key === '$schema')

/** Relative to the file; what a file calls itself (`$id`) is where it will be published, not where it is. */
function targetOf(reference: string, file: SchemaFile): { readonly url: string; readonly pointer: string } {
  if (!URL.canParse(reference, file.url)) throw refused(file, `${reference} is no address`)
  const target = new URL(reference, file.url)
  const pointer = target.hash.slice(1)
  target.hash = ''
  return { url: target.href, pointer: pointer === '/' ? '' : pointer }
}

const refused = ({ url }: SchemaFile, reason: string) => masterErrors.SCHEMA_REFUSED({ url, reason })

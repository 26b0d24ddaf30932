import { pathToFileURL } from 'node:url'
import { isSlapError } from '@slapos/base'
import type { ReleaseDescription, ReleaseType } from '../domain/cloud.ts'
import { masterErrors } from '../errors.ts'
import { bundleSchema } from './bundle-schema.ts'
import { type Fetcher, localPath } from './fetch.ts'
import { isObject } from './json-pointer.ts'
import { type SchemaLibrary, schemaLibrary } from './schema-library.ts'

type Json = Readonly<Record<string, unknown>>

const MOST_TYPES = 100
/** Of software types that do not say their place among the others. */
const LAST_INDEX = 999

/**
 * Reads what a release says about itself: `release.json` (ours, in the directory that the URL names or next to the
 * archive), or `<software.cfg>.json` of an existing profile. Schemas that cannot be had are null, with the reason: the
 * release can still be requested, without a form.
 */
export async function describeRelease(url: string, fetcher: Fetcher, now: number): Promise<ReleaseDescription> {
  for (const candidate of candidatesOf(url)) {
    const text = await fetcher(candidate)
    if (text === undefined) continue
    const manifest = parse(candidate, text)
    const serialisation = manifest['serialisation'] === 'xml' ? 'xml' : 'json-in-xml'
    const name = textOf(manifest['name']) || nameFrom(url)
    return {
      url,
      name: productOf(name),
      version: textOf(manifest['version']) || versionFrom(url),
      title: textOf(manifest['title']) || name,
      description: textOf(manifest['description']),
      serialisation,
      needsIpv6: objectOf(manifest['requires'])['ipv6'] === true,
      types: await typesOf(candidate, manifest, serialisation, fetcher),
      fetchedAt: now,
    }
  }
  throw masterErrors.RELEASE_UNDESCRIBED({ url })
}

function candidatesOf(address: string): readonly string[] {
  const url = localPath(address) === undefined ? address.replace(/[?#].*$/, '') : address
  if (/\.(tgz|tar\.gz)$/.test(url))
    return [url.replace(/\.(tgz|tar\.gz)$/, '.release.json'), join(url, './release.json')]
  if (url.endsWith('release.json')) return [url]
  if (url.endsWith('.cfg')) return [`${url}.json`]
  return [`${url.replace(/\/+$/, '')}/release.json`, `${url}.json`]
}

async function typesOf(
  base: string,
  manifest: Json,
  inherited: 'json-in-xml' | 'xml',
  fetcher: Fetcher,
): Promise<readonly ReleaseType[]> {
  const declared = Object.entries(objectOf(manifest['software-type'] ?? manifest['software_type']))
  if (declared.length > MOST_TYPES) {
    throw masterErrors.FETCH_REFUSED({ url: base, reason: `it has more than ${MOST_TYPES} software types` })
  }
  const library = schemaLibrary(join(base, base), fetcher)
  const types = await Promise.all(
    declared.map(async ([id, value]) => {
      const type = objectOf(value)
      const serialisation = type['serialisation'] ?? inherited
      const [request, response] = await Promise.all([
        schemaOf(base, type['request'], library),
        schemaOf(base, type['response'], library),
      ])
      return {
        index: typeof type['index'] === 'number' ? type['index'] : LAST_INDEX,
        type: {
          id,
          softwareType: textOf(type['software-type']) || id,
          title: textOf(type['title']) || id,
          description: textOf(type['description']),
          shared: type['shared'] === true,
          serialisation: serialisation === 'xml' ? ('xml' as const) : ('json-in-xml' as const),
          request: request.schema,
          response: response.schema,
          problem: [request.problem, response.problem].filter(Boolean).join(' ') || null,
        },
      }
    }),
  )
  return types.sort((a, b) => a.index - b.index).map(({ type }) => type)
}

async function schemaOf(base: string, path: unknown, library: SchemaLibrary) {
  if (typeof path !== 'string') return { schema: null, problem: '' }
  try {
    return { schema: await bundleSchema(join(base, path), library), problem: '' }
  } catch (error) {
    if (!isSlapError(error)) throw error
    return { schema: null, problem: error.line }
  }
}

/** `relative` to the file `base`; an absolute URL stays. */
function join(base: string, relative: string): string {
  const local = localPath(base)
  const from = local === undefined ? base : pathToFileURL(local)
  if (!URL.canParse(relative, from)) throw masterErrors.FETCH_REFUSED({ url: relative, reason: 'it is no address' })
  return new URL(relative, from).href
}

function parse(url: string, text: string): Json {
  try {
    return objectOf(JSON.parse(text))
  } catch (error) {
    throw masterErrors.FETCH_FAILED({ url, reason: 'it is not JSON' }, error)
  }
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {})
const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 2000) : '')
const productOf = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** `.../software/helloworld/software.cfg`, `.../helloworld/`, `.../helloworld-1.0.0.tgz` -> helloworld */
function nameFrom(url: string): string {
  const parts = url.split(/[?#]/)[0]?.split('/').filter(Boolean) ?? []
  const last = parts.at(-1) ?? ''
  const file = /\.cfg$|release\.json$/.test(last) ? (parts.at(-2) ?? last) : last
  return file.replace(/\.(tgz|tar\.gz)$/, '').replace(/-\d[\w.]*$/, '') || 'release'
}

/** A tag in the URL, as `/raw/1.0.149/` or `-1.0.0.tgz`; else none. */
const versionFrom = (url: string): string =>
  /(?:^|[/-])v?(\d+\.\d+(?:\.\d+)*)(?=[/.]|$)/.exec(withoutHost(url))?.[1] ?? ''

/** `https://192.0.2.7/...`: an address is no version. */
const withoutHost = (url: string): string => url.replace(/^[a-z+]+:\/\/[^/]*/i, '')

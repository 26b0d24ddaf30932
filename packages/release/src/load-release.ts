import { open, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { messageOf } from '@slapos/base'
import { releaseErrors } from './errors.ts'
import type { ReleaseManifest, SoftwareTypeManifest } from './manifest.ts'
import { validateManifest } from './manifest-schema.ts'

/** Longest release.json or schema, in bytes. */
const MOST_BYTES = 1024 * 1024

export interface Release {
  /** Absolute, without links. */
  readonly directory: string
  readonly manifest: ReleaseManifest
  /** Absolute path of `instance.ts`. */
  readonly entry: string
}

export interface ReleaseForm extends SoftwareTypeManifest {
  readonly form: string
  /** The real software type. */
  readonly type: string
  readonly shared: boolean
  readonly serialisation: 'json-in-xml' | 'xml'
}

/** Reads the release in a directory. Schemas are read when they are needed (`readSchema`). */
export async function loadRelease(directory: string): Promise<Release> {
  let root: string
  try {
    root = await realpath(directory)
  } catch (error) {
    throw releaseErrors.RELEASE_UNREADABLE({ path: directory, reason: messageOf(error) }, error)
  }
  const manifest = validateManifest(await readJson(root, 'release.json'), join(directory, 'release.json'))
  const entry = await fileInside(root, manifest.entry ?? 'instance.ts')
  return { directory: root, manifest, entry }
}

/** The form of a software type; `RootSoftwareInstance` is SlapOS' old name of `default`. */
export function findForm({ manifest, directory }: Release, type: string, shared = false): ReleaseForm {
  const forms = Object.entries(manifest['software-type'])
  const wanted = type === 'RootSoftwareInstance' || type === '' ? 'default' : type
  for (const [form, entry] of forms) {
    const real = entry['software-type'] ?? form
    if (real !== wanted || (entry.shared ?? false) !== shared) continue
    const serialisation = entry.serialisation ?? manifest.serialisation ?? 'json-in-xml'
    return { ...entry, form, type: real, shared, serialisation }
  }
  const known = forms.filter(([, entry]) => (entry.shared ?? false) === shared)
  throw releaseErrors.TYPE_UNKNOWN({
    release: `${manifest.name} (${directory})`,
    type: shared ? `${wanted} (slave)` : wanted,
    known: known.map(([form, entry]) => entry['software-type'] ?? form).join(', ') || 'none',
  })
}

export async function readSchema(release: Release, path: string): Promise<Readonly<Record<string, unknown>>> {
  const value = await readJson(release.directory, path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw releaseErrors.SCHEMA_INVALID({
      path: join(release.directory, path),
      reason: 'it does not hold a JSON object',
    })
  }
  return value as Readonly<Record<string, unknown>>
}

async function readJson(root: string, path: string): Promise<unknown> {
  const file = await fileInside(root, path)
  try {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, at most ${MOST_BYTES} are allowed`)
      return JSON.parse(await handle.readFile('utf8'))
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw releaseErrors.RELEASE_UNREADABLE({ path: file, reason: messageOf(error) }, error)
  }
}

/** The real path of a regular file that lies in the release, links followed. */
async function fileInside(root: string, path: string): Promise<string> {
  const wanted = resolve(root, path)
  try {
    const file = await realpath(wanted)
    const inside = relative(root, file)
    if (inside.startsWith(`..${sep}`) || inside === '..' || dirname(file) === file) throw new Error('it lies outside')
    if (!(await stat(file)).isFile()) throw new Error('it is not a file')
    return file
  } catch (error) {
    throw releaseErrors.RELEASE_UNREADABLE({ path: wanted, reason: messageOf(error) }, error)
  }
}

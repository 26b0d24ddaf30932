import { join } from 'node:path'
import { readVersioned } from '@slapos/base'
import { installErrors } from './errors.ts'

/** What `scripts/bundle` makes and the Master serves: `manifest.json` and the files that it names. */
export interface Bundle {
  readonly directory: string
  readonly version: string
  readonly artefacts: readonly Artefact[]
}

export interface Artefact {
  /** `agent`: the program; `node`: the Node.js that it runs on, one per architecture; `release`: a software release. */
  readonly kind: 'agent' | 'node' | 'release'
  readonly file: string
  readonly version: string
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
  /** Of `node` artefacts. */
  readonly arch?: 'x64' | 'arm64'
  /** Of `node` artefacts: the SHA-256 of the uncompressed program. */
  readonly binarySha256?: string
}

export const BUNDLE_FORMAT = 1

/** Reads the manifest. Throws BUNDLE_MISSING when there is none, BUNDLE_DAMAGED when it cannot be used. */
export async function readBundle(directory: string): Promise<Bundle> {
  const path = join(directory, 'manifest.json')
  const record = await readVersioned(path, BUNDLE_FORMAT)
  if (!record) throw installErrors.BUNDLE_MISSING({ path })
  const { version, artefacts } = record
  if (!isVersion(version) || !Array.isArray(artefacts) || !artefacts.every(isArtefact)) {
    throw installErrors.BUNDLE_DAMAGED({ path })
  }
  return { directory, version, artefacts }
}

function isArtefact(value: unknown): value is Artefact {
  if (typeof value !== 'object' || value === null) return false
  const one: Partial<Record<keyof Artefact, unknown>> = value
  return (
    ['agent', 'node', 'release'].some((kind) => kind === one.kind) &&
    // The name becomes part of a path and of a shell script.
    typeof one.file === 'string' &&
    /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(one.file) &&
    isVersion(one.version) &&
    typeof one.size === 'number' &&
    isSum(one.sha256) &&
    (one.kind !== 'node' || ((one.arch === 'x64' || one.arch === 'arm64') && isSum(one.binarySha256)))
  )
}

const isSum = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

const isVersion = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(value)

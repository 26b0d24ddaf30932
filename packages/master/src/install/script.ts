import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Artefact, Bundle } from './bundle.ts'
import { installErrors } from './errors.ts'

/** Where people and machines reach this Master. */
export interface Addresses {
  /** The API, default of the first question. */
  readonly apiUrl: string
  /** The web side, default of the second question. */
  readonly webUrl: string
  /** Where the artefacts are fetched; default `webUrl`. */
  readonly sourceUrl?: string
}

export interface InstallScript {
  readonly text: string
  /** Of the text, lower-case hexadecimal: what the copyable line checks. */
  readonly sha256: string
}

/** The script is one file for those who run it, and these, in this order, for those who read it here. */
const PARTS = ['settings', 'output', 'options', 'tasks', 'uninstall', 'main'] as const

/** The installer for this Master and this bundle: the same input gives the same text, hence the same sum. */
export function renderInstaller({ apiUrl, webUrl, sourceUrl = webUrl }: Addresses, bundle: Bundle): InstallScript {
  const agent = bundle.artefacts.find(({ kind }) => kind === 'agent')
  if (!agent) throw installErrors.BUNDLE_INCOMPLETE({ version: bundle.version, kind: 'agent' })
  const nodes = bundle.artefacts.filter(({ kind }) => kind === 'node')
  const [first] = nodes
  if (!first) throw installErrors.BUNDLE_INCOMPLETE({ version: bundle.version, kind: 'Node.js' })
  const values: Readonly<Record<string, string>> = {
    MASTER_URL: shellSafe(withSlash(apiUrl)),
    MASTER_URL_WEB: shellSafe(withSlash(webUrl)),
    SOURCE_URL: shellSafe(sourceUrl.replace(/\/+$/, '')),
    VERSION: bundle.version,
    AGENT_SUM: agent.sha256,
    AGENT_SIZE: String(agent.size),
    NODE_VERSION: first.version,
    ...nodeValues('X64', nodes),
    ...nodeValues('ARM64', nodes),
  }
  const template = PARTS.map((name) => readFileSync(join(import.meta.dirname, 'slapos', `${name}.sh`), 'utf8'))
  const text = template.join('').replace(/@([A-Z0-9_]+)@/g, (whole, name: string) => values[name] ?? whole)
  return { text, sha256: createHash('sha256').update(text).digest('hex') }
}

function nodeValues(name: 'X64' | 'ARM64', nodes: readonly Artefact[]): Readonly<Record<string, string>> {
  const node = nodes.find(({ arch }) => arch === name.toLowerCase())
  return {
    [`NODE_${name}_SUM`]: node?.sha256 ?? '',
    [`NODE_${name}_BINARY_SUM`]: node?.binarySha256 ?? '',
    [`NODE_${name}_SIZE`]: String(node?.size ?? 0),
  }
}

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`)

/** The values stand between single quotes. */
function shellSafe(url: string): string {
  if (!/^https?:\/\/[A-Za-z0-9.\-_:[\]/~%+]+$/.test(url)) throw installErrors.ADDRESS_UNUSABLE({ url })
  return url
}

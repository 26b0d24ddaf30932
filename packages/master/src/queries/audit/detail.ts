import type { ReleaseName } from '../releases.ts'
import type { Names } from './names.ts'

export type Detail = Readonly<Record<string, unknown>>

/** What the words about an entry are made of. */
export interface Known {
  readonly names: Names
  readonly releases: (url: string) => ReleaseName
  /** `COMP-1 slappart3` by the number of the partition's row. */
  readonly partitions: ReadonlyMap<number, string>
}

/** What an entry adds to "who did what to which": one short line, never a reference of ours that nobody knows. */
export function detailOf(action: string, detail: Detail, known: Known): string {
  const release = (url: unknown) => {
    const { productTitle, version } = known.releases(String(url))
    return `${productTitle} ${version}`.trim()
  }
  switch (action) {
    case 'computer.create':
    case 'computer.remove':
    case 'network.create':
    case 'project.create':
      return ''
    case 'computer.command':
      return commandOf(detail['command'])
    case 'instance.create':
      return release(detail['release'])
    case 'instance.allocate':
      return known.partitions.get(Number(detail['partition'])) ?? ''
    case 'instance.publish':
      return listOf(detail['keys'])
        .filter((key) => key !== '_')
        .join(', ')
    case 'instance.change':
      return changesOf(detail)
    case 'software.supply':
    case 'software.remove':
    case 'software.removed':
      return release(detail['url'])
    case 'catalogue.add':
      return String(detail['version'] ?? '')
    case 'instance.rename':
      return `${detail['from']} → ${detail['to']}`
    case 'project.role':
      return `${known.names.get(String(detail['person'])) ?? detail['person']}: ${detail['role']}`
    case 'logged in':
    case 'token in use':
      return String(detail['address'] ?? '')
    case 'project.leave':
      return known.names.get(String(detail['person'])) ?? String(detail['person'])
    default:
      return everything(detail)
  }
}

const CHANGED: Readonly<Record<string, string>> = {
  parameters_json: 'parameters',
  filter_json: 'conditions',
  release_url: 'release',
  software_type: 'software type',
  state: 'state',
}

function changesOf({ changed, state }: Detail): string {
  const keys = listOf(changed)
  if (keys.join() === 'state') return ''
  return keys.flatMap((key) => (key === 'state' ? `state: ${state}` : (CHANGED[key] ?? []))).join(', ')
}

function commandOf(command: unknown): string {
  if (typeof command !== 'object' || command === null) return ''
  const { name, partition, service } = command as Readonly<Record<string, unknown>>
  return [name, [partition, service].filter((part) => typeof part === 'string').join(':')].filter(Boolean).join(' ')
}

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

function everything(detail: Detail): string {
  const text = (value: unknown) =>
    Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => `${key}: ${text(value)}`)
    .join(' · ')
    .slice(0, 400)
}

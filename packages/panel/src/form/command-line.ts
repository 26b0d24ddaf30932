import type { TextMap } from './wire.ts'

interface Asked {
  readonly title: string
  readonly releaseUrl: string
  readonly softwareType: string
  readonly shared: boolean
  readonly filter: TextMap
  readonly parameters: TextMap
  readonly state?: 'started' | 'stopped' | 'destroyed'
}

/** The same request as a command, to repeat it in a shell or a script. */
export function requestCommand({ title, releaseUrl, softwareType, shared, filter, parameters, state }: Asked): string {
  return [
    ...['slapos', 'request', quoted(title), quoted(releaseUrl)],
    ...(plain(softwareType) ? [] : ['--type', quoted(softwareType)]),
    ...(shared ? ['--slave'] : []),
    ...(state === undefined || state === 'started' ? [] : ['--state', state]),
    ...assignments('--node', filter),
    ...assignments('--parameters', parameters),
  ].join(' ')
}

export const supplyCommand = (releaseUrl: string, computer: string): string =>
  `slapos supply ${quoted(releaseUrl)} ${quoted(computer)}`

/** A word of a POSIX shell, whatever it holds. */
export const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

const plain = (type: string) => type === '' || type === 'default' || type === 'RootSoftwareInstance'

function assignments(option: string, values: TextMap): string[] {
  const words = Object.entries(values)
    .filter(([key, value]) => value !== '' || key !== '_')
    .map(([key, value]) => quoted(`${key}=${key === '_' ? compact(value) : value}`))
  return words.length === 0 ? [] : [option, ...words]
}

function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json))
  } catch {
    return json
  }
}

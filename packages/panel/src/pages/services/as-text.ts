import { toInstanceXml } from '../../form/instance-xml.ts'
import type { TextMap } from '../../form/wire.ts'

interface Asked {
  readonly releaseUrl: string
  readonly parameters: TextMap
  readonly filter?: TextMap
}

/** What is asked for, as lines that can be compared. */
export function asText({ releaseUrl, parameters, filter = {} }: Asked): string {
  const place = Object.entries(filter).map(([key, value]) => `${key}=${value}`)
  return [`release ${releaseUrl}`, ...place, toInstanceXml(parameters)].join('\n')
}

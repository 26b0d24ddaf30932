import { toInstanceXml } from '../../form/instance-xml.ts'
import { isRecord } from '../../form/record.ts'
import type { TextMap } from '../../form/wire.ts'

interface Asked {
  readonly releaseUrl: string
  readonly parameters: TextMap
  readonly filter?: TextMap
}

/** What is asked for, as lines that can be compared: JSON by its values, however it was written. */
export function asText({ releaseUrl, parameters, filter = {} }: Asked): string {
  const place = Object.entries(filter).map(([key, value]) => `${key}=${value}`)
  return [`release ${releaseUrl}`, ...place, ofParameters(parameters)].join('\n')
}

function ofParameters(parameters: TextMap): string {
  const { _: json, ...others } = parameters
  if (Object.keys(others).length > 0 || json === undefined) return toInstanceXml(parameters)
  try {
    return JSON.stringify(sorted(JSON.parse(json)), null, 2)
  } catch {
    return toInstanceXml(parameters)
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}

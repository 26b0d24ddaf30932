import type { TextDictionary } from '@slapos/slap'

/** Dictionaries are stored with sorted keys: equal text means equal content. */
export function canonical(dictionary: TextDictionary): string {
  return JSON.stringify(Object.fromEntries(Object.entries(dictionary).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))))
}

/** What `canonical` wrote. */
export const dictionaryOf = (json: string): TextDictionary => JSON.parse(json) as TextDictionary

/** A stored list. */
export const listOf = <T>(json: string): readonly T[] => JSON.parse(json) as readonly T[]

import { stripUnrepresentable } from './text.ts'

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text between two tags, escaped once. */
export const xmlText = (text: string): string =>
  stripUnrepresentable(text).replace(/[&<>]/g, (character) => NAMES[character] ?? character)

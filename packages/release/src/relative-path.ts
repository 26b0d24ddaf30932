import { type Decoder, quote, refuse, text } from './decode.ts'

/** Names at the top of a partition that belong to the agent. */
const RESERVED = /^\.(slapos|slapgrid)/

/**
 * A path that stays where it is put: relative, normalised, without links' usual ways out. Whether a component is a
 * link on the disk is checked again by who writes it.
 */
export const relativePath: Decoder<string> = (field) => {
  const path = text({ most: 1024, least: 1 })(field)
  if (path.startsWith('/')) refuse(field, `must be relative, not ${quote(path)}`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x1f\x7f\\]/.test(path) || !path.isWellFormed()) {
    refuse(field, `must not hold control characters or backslashes: ${quote(path)}`)
  }
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') refuse(field, `must be a normalised path, not ${quote(path)}`)
    if (Buffer.byteLength(part) > 255) refuse(field, 'has a component of more than 255 bytes')
  }
  return path
}

/** A relative path inside a partition, where the agent's own names are taken. */
export const partitionPath: Decoder<string> = (field) => {
  const path = relativePath(field)
  if (RESERVED.test(path)) refuse(field, `must not begin with .slapos or .slapgrid, which belong to the node`)
  return path
}

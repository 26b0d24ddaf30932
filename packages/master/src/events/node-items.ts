import { randomUUID } from 'node:crypto'
import type { NodeCommand } from '@slapos/slap'
import type { Hint } from './hint.ts'
import type { Item } from './stream.ts'

/** What makes a node fetch its desired state. */
const DESIRED = new Set(['computer', 'partition', 'installation', 'instance', 'service'])

/** A change of the node's own computer, as the node hears it (`NodeEvent` of @slapos/slap). */
export function nodeItem({ kind, reference, revision }: Hint, id: string | undefined): Item | undefined {
  const position = id === undefined ? {} : { id }
  if (kind === 'slaves') {
    const partition = reference.slice(reference.indexOf('/') + 1)
    return { ...position, key: `slaves ${partition}`, event: 'slaves', data: { partition, revision } }
  }
  return DESIRED.has(kind) ? { ...position, key: 'desired', event: 'desired', data: { revision } } : undefined
}

/** Commands never take each other's place. */
export const nodeCommand = (command: NodeCommand, id?: string): Item => ({
  ...(id === undefined ? {} : { id }),
  key: `command ${randomUUID()}`,
  event: 'command',
  data: { command },
})

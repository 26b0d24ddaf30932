import type { InstancePlan } from '@slapos/release'
import { contentHash } from './hash.ts'
import { writeParameters } from './parameters.ts'
import type { PartitionRecord } from './state.ts'
import type { Step } from './step.ts'

/** Begins the fingerprint of a slave that was refused, so that it is told when it is not any more. */
const REFUSED = 'refused '

/** What is to be told of slaves: connections and refusals that are others than those told last. Pure. */
export function planSlaves(record: PartitionRecord, plan: InstancePlan): readonly Step[] {
  const { publishSlaves, slaveErrors = {} } = plan
  const told = record.publishedSlaves
  const hashes: Record<string, string> = {}
  const connections: Record<string, Readonly<Record<string, string>>> = {}
  const errors: Record<string, string> = {}
  for (const [reference, values] of Object.entries(publishSlaves)) {
    const connection = writeParameters(values)
    hashes[reference] = contentHash(connection)
    if (slaveErrors[reference] === undefined && told[reference] !== hashes[reference]) {
      connections[reference] = connection
    }
  }
  for (const [reference, reason] of Object.entries(slaveErrors)) {
    hashes[reference] = REFUSED + contentHash(reason)
    if (told[reference] !== hashes[reference]) errors[reference] = reason
  }
  for (const [reference, hash] of Object.entries(told)) {
    if (hash.startsWith(REFUSED) && slaveErrors[reference] === undefined) errors[reference] = ''
  }
  const gone = Object.keys(told).some((reference) => hashes[reference] === undefined)
  const changed = Object.keys(connections).length > 0 || Object.keys(errors).length > 0
  return changed || gone ? [{ kind: 'publish-slaves', connections, errors, hashes }] : []
}

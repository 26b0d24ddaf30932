import type { Sql } from '../../store/index.ts'
import { type Choice, type Demand, type NodeCandidate, rankNodes } from './choose.ts'
import { freePartition } from './free-partition.ts'
import { allNodes, lightestNodes } from './nodes.ts'
import type { Silence } from './usable.ts'

/** A free partition of the least loaded node that can take it; else, for each candidate, the reason why not. */
export async function chooseNode(tx: Sql, projectId: number, demand: Demand, silence: Silence): Promise<Choice> {
  if (demand.sla.computer === undefined) {
    const choice = await among(tx, demand, await lightestNodes(tx, projectId, demand, silence))
    if (choice.kind === 'placed') return choice
  }
  return among(tx, demand, await allNodes(tx, projectId, demand, silence))
}

async function among(tx: Sql, demand: Demand, candidates: readonly NodeCandidate[]): Promise<Choice> {
  const { suitable, refusals } = rankNodes(demand, candidates)
  const reasons = new Map(refusals.map(({ candidate, reason }) => [candidate, reason]))
  for (const node of suitable) {
    const partition = await freePartition(tx, node, demand.sla.capability)
    if (typeof partition === 'number') return { kind: 'placed', partitionId: partition }
    reasons.set(node.computer, partition)
  }
  // As the candidates came, which is how people read them.
  return {
    kind: 'refused',
    refusals: candidates.map(({ computer }) => ({ candidate: computer, reason: reasons.get(computer) ?? '' })),
  }
}

import type { Sla } from '../sla.ts'

/** What an instance needs, reduced to what allocation decides on. */
export interface Demand {
  readonly releaseUrl: string
  /** How people call the release: `frontend 1.0.0`, or its URL. */
  readonly releaseName: string
  readonly softwareType: string
  readonly needsIpv6: boolean
  readonly sla: Sla
  /** `PROJ-n` */
  readonly project: string
  /** Networks where the tree already has an instance. */
  readonly usedNetworks: ReadonlySet<string>
}

/** A node, as far as placing on it goes. Only nodes that the project may use are candidates. */
export interface NodeFacts {
  /** `COMP-n`, and its number for the tie-break. */
  readonly computer: string
  readonly id: number
  readonly scope: string
  /** Why it is not to be trusted with new instances now (no contact), or undefined. */
  readonly silence: string | undefined
  readonly network: string | undefined
  readonly categories: Readonly<Record<string, string>>
  /** Busy partitions, of how many. */
  readonly used: number
  readonly total: number
  /** The most instances that its managers allow; undefined: its partitions are the limit. */
  readonly capacity: number | undefined
}

export interface NodeCandidate extends NodeFacts {
  /** The release is supplied (it may still be building). */
  readonly supplied: boolean
  /** Supplied releases of the same product, by name: what a person probably meant. */
  readonly otherReleases: readonly string[]
  readonly hasIpv6: boolean
}

export interface HostCandidate extends NodeFacts {
  readonly host: string
  readonly partitionId: number
  readonly slaves: number
}

export interface Refusal {
  readonly candidate: string
  readonly reason: string
}

export interface Ranking {
  readonly suitable: readonly NodeCandidate[]
  readonly refusals: readonly Refusal[]
}

export type Choice =
  | { readonly kind: 'placed'; readonly partitionId: number }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }

/** Nodes that can take it if a partition of theirs is free, the least loaded first; for each other one, why not. */
export function rankNodes(demand: Demand, candidates: readonly NodeCandidate[]): Ranking {
  const refusals: Refusal[] = []
  const suitable: NodeCandidate[] = []
  for (const candidate of candidates) {
    const reason = refusalOf(demand, candidate) ?? releaseRefusal(demand, candidate)
    if (reason === undefined) suitable.push(candidate)
    else refusals.push({ candidate: candidate.computer, reason })
  }
  return { suitable: suitable.sort(byLoad), refusals }
}

/** The host with the fewest slaves; else, for each host, the reason why not. */
export function chooseHost(demand: Demand, candidates: readonly HostCandidate[]): Choice {
  const refusals: Refusal[] = []
  let best: HostCandidate | undefined
  for (const candidate of candidates) {
    const reason = hostRefusal(demand, candidate)
    if (reason !== undefined) refusals.push({ candidate: candidate.host, reason })
    else if (
      !best ||
      candidate.slaves < best.slaves ||
      (candidate.slaves === best.slaves && candidate.host < best.host)
    )
      best = candidate
  }
  return best ? { kind: 'placed', partitionId: best.partitionId } : { kind: 'refused', refusals }
}

function refusalOf({ sla, usedNetworks, project }: Demand, node: NodeFacts): string | undefined {
  if (sla.project !== undefined && sla.project !== project) return `is asked for in ${sla.project}, not ${project}`
  if (sla.computer !== undefined && sla.computer !== node.computer) return `is not ${sla.computer}`
  if (sla.network !== undefined && sla.network !== node.network) return `is not in network ${sla.network}`
  if (sla.uniqueByNetwork && node.network === undefined) return 'belongs to no network'
  if (sla.uniqueByNetwork && node.network !== undefined && usedNetworks.has(node.network))
    return `is in ${node.network}, where this service already has an instance`
  for (const [key, value] of Object.entries(sla.categories)) {
    const has = node.categories[key]
    if (has !== value) return has === undefined ? `has no ${key} (asked: ${value})` : `has ${key} ${has}, not ${value}`
  }
  return undefined
}

function openRefusal(node: NodeFacts): string | undefined {
  if (node.scope !== 'open') return `is closed (${node.scope.replace('close/', '')})`
  return node.silence
}

function releaseRefusal(demand: Demand, node: NodeCandidate): string | undefined {
  const closed = openRefusal(node)
  if (closed !== undefined) return closed
  if (!node.supplied) {
    const others = node.otherReleases.length > 0 ? ` (available: ${node.otherReleases.join(', ')})` : ''
    return `lacks ${demand.releaseName}${others}`
  }
  if (demand.needsIpv6 && !node.hasIpv6) return `has no IPv6, which ${demand.releaseName} needs`
  if (node.capacity === undefined || node.used < node.capacity) return undefined
  return `has reached its capacity (${node.capacity})`
}

function hostRefusal(demand: Demand, node: HostCandidate): string | undefined {
  if (demand.sla.host !== undefined && demand.sla.host !== node.host) return `is not ${demand.sla.host}`
  const refusal = refusalOf(demand, node)
  if (refusal !== undefined) return `runs on ${node.computer}, which ${refusal}`
  // A silent node still serves its slaves when it comes back: only closing keeps new ones away.
  return node.scope === 'open'
    ? undefined
    : `runs on ${node.computer}, which is closed (${node.scope.replace('close/', '')})`
}

/** Spreads by share of capacity, then by count, then by age: the same facts always give the same node. */
const byLoad = (a: NodeFacts, b: NodeFacts): number =>
  a.used * size(b) - b.used * size(a) || a.used - b.used || a.id - b.id

const size = (node: NodeFacts): number => Math.max(1, Math.min(node.capacity ?? node.total, node.total))

import { masterErrors } from '../../errors.ts'
import type { Actor } from './actor.ts'

/**
 * What the caller is to the object of a use case. A person's roles include the smaller ones; an operator is an owner
 * everywhere. `user` is a member of a project that may place instances on the node.
 */
export type Relation =
  | 'member'
  | 'manager'
  | 'owner'
  | 'operator'
  | 'user'
  | 'anybody'
  /** The person that it is about. */
  | 'himself'
  /** The node itself, or the node on which the instance runs. */
  | 'node'
  /** The instance itself. */
  | 'self'
  /** An instance of the same tree. */
  | 'tree'
  /** The instance that hosts this slave. */
  | 'host'

/** Use case to who may. What is not listed is refused; the Master itself may everything. */
export const RIGHTS = {
  'nodes.create': ['manager'],
  'nodes.rename': ['manager'],
  'nodes.share': ['manager'],
  'nodes.remove': ['manager'],
  'nodes.setAllocationScope': ['manager'],
  'nodes.command': ['manager'],
  'nodes.format': ['node'],
  'nodes.document': ['node', 'manager'],
  'nodes.partition': ['node', 'manager', 'self'],
  'nodes.desired': ['node'],
  'nodes.telemetry': ['node'],
  'nodes.slaves': ['node', 'self'],
  'nodes.publishSlaves': ['node', 'self'],
  'nodes.status': ['node', 'member', 'user', 'tree'],
  'nodes.bang': ['node', 'manager'],
  'nodes.treeAddresses': ['node', 'self', 'member'],
  'nodes.consumption': ['node'],
  'software.supply': ['manager'],
  'software.report': ['node'],
  'software.error': ['node'],
  'software.status': ['node', 'member', 'user'],
  'software.releases': ['anybody'],
  'instances.requestRoot': ['member'],
  'instances.requestChild': ['node', 'self'],
  'instances.report': ['node', 'self'],
  'instances.error': ['node', 'self', 'host'],
  'instances.bang': ['node', 'self', 'tree', 'member'],
  'instances.rename': ['node', 'self', 'host', 'member'],
  'instances.publish': ['node', 'self', 'host'],
  'instances.status': ['node', 'self', 'tree', 'host', 'member'],
  'instances.get': ['node', 'self', 'tree', 'host', 'member'],
  'instances.listRoots': ['anybody'],
  'instances.listOfComputer': ['node', 'manager'],
  'instances.listSlavesOf': ['node', 'self', 'tree', 'member'],
  'people.create': ['operator'],
  'people.change': ['himself', 'operator'],
  'people.get': ['anybody'],
  'projects.create': ['operator'],
  'projects.rename': ['owner'],
  'projects.get': ['member'],
  'projects.setRole': ['owner'],
  'projects.remove': ['owner'],
  'catalogue.add': ['manager'],
  'networks.create': ['manager'],
  'networks.attach': ['manager'],
  'limits.set': ['operator'],
  'audit.list': ['manager'],
} as const satisfies Readonly<Record<string, readonly Relation[]>>

export type UseCase = keyof typeof RIGHTS

/** What rights are judged about. */
export interface Subject {
  /** What a refusal names. */
  readonly name: string
  readonly projectId?: number | null
  readonly computerId?: number | null
  /** Projects that may use the node, beside its own; `everybody` is every project. */
  readonly usableBy?: ReadonlySet<number> | 'everybody'
  readonly instanceId?: number
  readonly treeId?: number
  readonly partitionId?: number | null
  readonly shared?: boolean
  readonly personId?: number
}

/** Throws when the actor may not: NOT_FOUND when he may not even know that it exists, NOT_ALLOWED otherwise. */
export function authorize(actor: Actor, useCase: UseCase, subject: Subject): void {
  if (actor.kind === 'system') return
  const relations = relationsOf(actor, subject)
  const allowed: readonly Relation[] = RIGHTS[useCase]
  if (allowed.some((relation) => relations.has(relation))) return
  if (relations.size === 1) throw masterErrors.NOT_FOUND({ what: subject.name })
  throw masterErrors.NOT_ALLOWED({ action: useCase, what: subject.name, who: allowed.join(' or ') })
}

/** Always holds `anybody`; nothing else: a stranger. */
export function relationsOf(actor: Actor, subject: Subject): ReadonlySet<Relation> {
  const found = new Set<Relation>(['anybody'])
  if (actor.kind === 'person') personRelations(actor, subject, found)
  if (actor.kind === 'computer') {
    if (subject.computerId === actor.id) found.add('node')
    if (usable(subject, actor.projectId)) found.add('user')
  }
  if (actor.kind === 'instance') {
    if (subject.instanceId === actor.id) found.add('self')
    if (subject.treeId === actor.treeId) found.add('tree')
    if (subject.shared && subject.partitionId !== null && subject.partitionId === actor.partitionId) found.add('host')
    if (usable(subject, actor.projectId)) found.add('user')
  }
  return found
}

function personRelations(actor: Extract<Actor, { kind: 'person' }>, subject: Subject, found: Set<Relation>): void {
  if (subject.personId === actor.id) found.add('himself')
  const role = subject.projectId == null ? undefined : actor.roles.get(subject.projectId)
  if (role !== undefined) found.add('member')
  if (role === 'manager' || role === 'owner') found.add('manager')
  if (role === 'owner') found.add('owner')
  if ([...actor.roles.keys()].some((project) => usable(subject, project))) found.add('user')
  if (actor.operator) for (const relation of ['operator', 'owner', 'manager', 'member'] as const) found.add(relation)
}

const usable = ({ usableBy }: Subject, project: number): boolean =>
  usableBy !== undefined && (usableBy === 'everybody' || usableBy.has(project))

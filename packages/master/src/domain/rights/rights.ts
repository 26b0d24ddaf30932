import { isSlapError } from '@slapos/base'
import { masterErrors } from '../../errors.ts'
import type { Actor } from './actor.ts'
import { covers, type GrantScope } from './grant.ts'

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

interface Right {
  readonly who: readonly Relation[]
  /** What an API token must give for it. */
  readonly scope: GrantScope
}

const read = (...who: readonly Relation[]): Right => ({ who, scope: 'read' })
const write = (...who: readonly Relation[]): Right => ({ who, scope: 'write' })
/** Who may what, and who people are. */
const admin = (...who: readonly Relation[]): Right => ({ who, scope: 'admin' })

/**
 * Use case to who may, and to the scope that it takes of a token. What is not listed is refused; the Master itself may
 * everything.
 */
export const RIGHTS = {
  'nodes.create': write('manager'),
  'nodes.rename': write('manager'),
  'nodes.share': admin('manager'),
  'nodes.remove': write('manager'),
  'nodes.setAllocationScope': write('manager'),
  'nodes.command': write('manager'),
  'nodes.certify': admin('manager'),
  'nodes.format': write('node'),
  'nodes.document': read('node', 'manager'),
  'nodes.partition': read('node', 'manager', 'self'),
  'nodes.desired': read('node'),
  'nodes.telemetry': write('node'),
  'nodes.slaves': read('node', 'self'),
  'nodes.publishSlaves': write('node', 'self'),
  'nodes.status': read('node', 'member', 'user', 'tree'),
  'nodes.bang': write('node', 'manager'),
  'nodes.treeAddresses': read('node', 'self', 'member'),
  'nodes.consumption': write('node'),
  'software.supply': write('manager'),
  'software.report': write('node'),
  'software.error': write('node'),
  'software.status': read('node', 'member', 'user'),
  'software.releases': read('anybody'),
  'instances.requestRoot': write('member'),
  'instances.requestChild': write('node', 'self'),
  'instances.report': write('node', 'self'),
  'instances.error': write('node', 'self', 'host'),
  'instances.bang': write('node', 'self', 'tree', 'member'),
  'instances.command': write('member'),
  'instances.rename': write('node', 'self', 'host', 'member'),
  'instances.publish': write('node', 'self', 'host'),
  'instances.status': read('node', 'self', 'tree', 'host', 'member'),
  'instances.get': read('node', 'self', 'tree', 'host', 'member'),
  'instances.listRoots': read('anybody'),
  'instances.listOfComputer': read('node', 'manager'),
  'instances.listSlavesOf': read('node', 'self', 'tree', 'member'),
  'instances.listOfTree': read('self', 'tree', 'member'),
  'account.see': read('himself'),
  'account.notify': write('himself'),
  'account.change': admin('himself'),
  'people.create': admin('operator'),
  'people.change': admin('himself', 'operator'),
  'people.get': read('anybody'),
  'projects.create': admin('operator'),
  'projects.rename': admin('owner'),
  'projects.get': read('member'),
  'projects.list': read('anybody'),
  'projects.enrol': write('manager'),
  'projects.invite': admin('manager'),
  'projects.setRole': admin('owner'),
  'projects.remove': admin('owner'),
  'catalogue.list': read('anybody'),
  'catalogue.add': write('manager'),
  'networks.list': read('anybody'),
  'networks.create': write('manager'),
  'networks.attach': write('manager'),
  'limits.set': admin('operator'),
  'audit.list': read('manager'),
} satisfies Readonly<Record<string, Right>>

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

/** Whether `authorize` would let him. */
export function may(actor: Actor, useCase: UseCase, subject: Subject): boolean {
  try {
    authorize(actor, useCase, subject)
    return true
  } catch (error) {
    if (isSlapError(error)) return false
    throw error
  }
}

/**
 * Throws when the actor may not: NOT_FOUND when he may not even know that it exists, NOT_ALLOWED otherwise, and
 * SCOPE_TOO_SMALL when he may but his token does not give it.
 */
export function authorize(actor: Actor, useCase: UseCase, subject: Subject): void {
  if (actor.kind === 'system') return
  const relations = relationsOf(actor, subject)
  const { who, scope }: Right = RIGHTS[useCase]
  if (!who.some((relation) => relations.has(relation))) {
    if (relations.size === 1) throw masterErrors.NOT_FOUND({ what: subject.name })
    throw masterErrors.NOT_ALLOWED({ action: useCase, what: subject.name, who: who.join(' or ') })
  }
  if (actor.kind === 'person' && actor.grant !== undefined) {
    const { grant } = actor
    if (!covers(grant.scope, scope)) throw masterErrors.SCOPE_TOO_SMALL({ action: useCase, needed: scope })
    // Of one project: what belongs to none can be looked at, not changed.
    if (grant.project !== undefined && scope !== 'read' && subject.projectId == null) {
      throw masterErrors.PROJECT_TOKEN({ action: useCase, project: grant.project })
    }
  }
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

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isSlapError } from '@slapos/base'
import type { Role } from '../../store/tables/domain.ts'
import type { Actor } from './actor.ts'
import { covers, type GrantScope } from './grant.ts'
import { authorize, RIGHTS, type Subject, type UseCase } from './rights.ts'

const person = (...roles: [number, Role][]): Actor => ({
  kind: 'person',
  id: 5,
  operator: false,
  roles: new Map(roles),
})
const instance = (id: number, treeId: number, partitionId: number): Actor => ({
  kind: 'instance',
  id,
  treeId,
  projectId: 1,
  partitionId,
})

const ACTORS: Readonly<Record<string, Actor>> = {
  owner: person([1, 'owner']),
  manager: person([1, 'manager']),
  member: person([1, 'member']),
  stranger: person([2, 'owner']),
  operator: { kind: 'person', id: 6, operator: true, roles: new Map() },
  node: { kind: 'computer', id: 10, projectId: 1 },
  'other node': { kind: 'computer', id: 11, projectId: 1 },
  itself: instance(20, 30, 40),
  sibling: instance(21, 30, 41),
  host: instance(22, 31, 40),
  'other instance': instance(23, 31, 42),
}

/** A slave of project 1 in partition 40 of node 10; the rest of a subject is what every use case looks at. */
const SUBJECT: Subject = {
  name: 'it',
  projectId: 1,
  computerId: 10,
  instanceId: 20,
  treeId: 30,
  partitionId: 40,
  shared: true,
}

const managers = 'owner manager operator'
const members = 'owner manager member operator'
const machine = 'node itself'

/** Everybody who may, of ACTORS; nobody else. A use case that is missing here fails the test. */
const EXPECTED: Readonly<Record<UseCase, string>> = {
  'nodes.create': managers,
  'nodes.rename': managers,
  'nodes.share': managers,
  'nodes.remove': managers,
  'nodes.setAllocationScope': managers,
  'nodes.command': managers,
  'nodes.certify': managers,
  'nodes.format': 'node',
  'nodes.document': `${managers} node`,
  'nodes.partition': `${managers} ${machine}`,
  'nodes.desired': 'node',
  'nodes.telemetry': 'node',
  'nodes.slaves': machine,
  'nodes.publishSlaves': machine,
  'nodes.status': `${members} ${machine} sibling`,
  'nodes.bang': `${managers} node`,
  'nodes.treeAddresses': `${members} ${machine}`,
  'nodes.consumption': 'node',
  'software.supply': managers,
  'software.report': 'node',
  'software.error': 'node',
  'software.status': `${members} node`,
  'software.releases': 'everybody',
  'instances.requestRoot': members,
  'instances.requestChild': machine,
  'instances.report': machine,
  'instances.error': `${machine} host`,
  'instances.bang': `${members} ${machine} sibling`,
  'instances.command': members,
  'instances.rename': `${members} ${machine} host`,
  'instances.publish': `${machine} host`,
  'instances.status': `${members} ${machine} sibling host`,
  'instances.get': `${members} ${machine} sibling host`,
  'instances.listRoots': 'everybody',
  'instances.listOfComputer': `${managers} node`,
  'instances.listSlavesOf': `${members} ${machine} sibling`,
  'instances.listOfTree': `${members} itself sibling`,
  'account.see': '',
  'account.notify': '',
  'account.change': '',
  'people.create': 'operator',
  'people.change': 'operator',
  'people.get': 'everybody',
  'projects.create': 'operator',
  'projects.rename': 'owner operator',
  'projects.get': members,
  'projects.list': 'everybody',
  'projects.enrol': managers,
  'projects.invite': managers,
  'projects.setRole': 'owner operator',
  'projects.remove': 'owner operator',
  'catalogue.list': 'everybody',
  'catalogue.add': managers,
  'networks.list': 'everybody',
  'networks.create': managers,
  'networks.attach': managers,
  'limits.set': 'operator',
  'audit.list': managers,
}

const refusal = (actor: Actor, useCase: UseCase, subject: Subject): string | undefined => {
  try {
    authorize(actor, useCase, subject)
    return undefined
  } catch (error) {
    return isSlapError(error) ? error.code : String(error)
  }
}

it('each use case is open to exactly those of the table', () => {
  for (const useCase of Object.keys(RIGHTS) as UseCase[]) {
    const allowed = Object.entries(ACTORS).flatMap(([name, actor]) => (refusal(actor, useCase, SUBJECT) ? [] : [name]))
    const expected =
      EXPECTED[useCase] === 'everybody'
        ? Object.keys(ACTORS)
        : Object.keys(ACTORS).filter(
            (name) => EXPECTED[useCase].split(' ').includes(name) || expectedTwoWords(useCase, name),
          )
    assert.deepEqual(allowed, expected, useCase)
  }
  function expectedTwoWords(useCase: UseCase, name: string): boolean {
    return name.includes(' ') && EXPECTED[useCase].includes(name)
  }
})

it('the Master itself may everything', () => {
  for (const useCase of Object.keys(RIGHTS) as UseCase[])
    assert.equal(refusal({ kind: 'system' }, useCase, SUBJECT), undefined)
})

it('who has no relation learns nothing, who has one learns what it takes', () => {
  const { stranger, member } = ACTORS
  assert.ok(stranger && member)
  assert.equal(refusal(stranger, 'instances.get', SUBJECT), 'NOT_FOUND')
  assert.equal(refusal(member, 'software.supply', SUBJECT), 'NOT_ALLOWED')
})

it('who may use a node sees that it lives, and no more', () => {
  const { stranger } = ACTORS
  assert.ok(stranger)
  for (const usableBy of ['everybody', new Set([2])] as const) {
    assert.equal(refusal(stranger, 'nodes.status', { ...SUBJECT, usableBy }), undefined)
    assert.equal(refusal(stranger, 'nodes.document', { ...SUBJECT, usableBy }), 'NOT_ALLOWED')
  }
  assert.equal(refusal(stranger, 'nodes.status', { ...SUBJECT, usableBy: new Set([3]) }), 'NOT_FOUND')
})

const owning = (scope: GrantScope, project?: string): Actor => ({
  kind: 'person',
  id: 5,
  operator: false,
  roles: new Map([[1, 'owner']]),
  grant: { scope, project },
})

it('a token gives what its scope says of each use case, and nothing else', () => {
  const { owner } = ACTORS
  assert.ok(owner)
  for (const useCase of Object.keys(RIGHTS) as UseCase[]) {
    const subject = { ...SUBJECT, personId: 5 }
    const himself = refusal(owner, useCase, subject)
    for (const scope of ['read', 'write', 'admin'] as const) {
      const expected = himself ?? (covers(scope, RIGHTS[useCase].scope) ? undefined : 'SCOPE_TOO_SMALL')
      assert.equal(refusal(owning(scope), useCase, subject), expected, `${useCase} with ${scope}`)
    }
  }
})

it('a token of one project changes nothing that belongs to none', () => {
  const account = { name: 'PERS-5', personId: 5 }
  assert.equal(refusal(owning('admin'), 'account.change', account), undefined)
  assert.equal(refusal(owning('admin', 'PROJ-1'), 'account.change', account), 'PROJECT_TOKEN')
  assert.equal(refusal(owning('admin', 'PROJ-1'), 'account.see', account), undefined)
  assert.equal(refusal(owning('admin', 'PROJ-1'), 'nodes.share', SUBJECT), undefined)
})

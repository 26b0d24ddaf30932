import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_TAP } from '@slapos/slap'
import type { HostStep } from '../host/host.ts'
import { runStages, stagesOf } from './stages.ts'

const directory = (path: string): HostStep => ({ kind: 'root-directory', path, mode: 0o755 })
const address = (n: number, partition = 'slappart0'): HostStep => ({
  ...{ kind: 'address', interface: 'lo', address: `10.0.0.${n}`, prefixLength: 32, partition },
})
function resource(reference: string): HostStep {
  const user = { name: '', path: '', shell: '', additional_group_list: [] }
  const none = { address_list: [], ipv6_range: {}, tap: NO_TAP, tun: null, external_storage_list: [] }
  return { kind: 'resource', partition: { reference, path: '', user, ...none } }
}

test('addresses are waited for side by side, after what must come first', async () => {
  const running = new Set<HostStep>()
  const seen: string[] = []
  let most = 0
  const execute = async (step: HostStep) => {
    running.add(step)
    most = Math.max(most, running.size)
    await new Promise((resolve) => setImmediate(resolve))
    running.delete(step)
    seen.push(step.kind)
  }
  await runStages(stagesOf([address(1), address(2), directory('/a'), address(3), directory('/b')]), execute, () => {})
  assert.equal(most, 3)
  assert.deepEqual(seen, ['root-directory', 'root-directory', 'address', 'address', 'address'])
})

test('a step of the node that fails leaves those beside it alone, and stops those after it', async () => {
  const done: HostStep[] = []
  const failure = new Error('no room')
  const execute = async (step: HostStep) => {
    if (step.kind === 'root-directory' && step.path === '/a') throw failure
  }
  const stages = stagesOf([directory('/a'), directory('/b'), address(1)])
  assert.deepEqual(await runStages(stages, execute, (step) => done.push(step)), [
    { partition: undefined, error: failure },
  ])
  assert.deepEqual(done, [directory('/b')])
})

test('a partition that fails is left alone, and every other is prepared', async () => {
  const done: HostStep[] = []
  const execute = async (step: HostStep) => {
    if (step.kind === 'address' && step.partition !== 'slappart1') throw new Error(`${step.address} is taken`)
  }
  const steps = ['slappart0', 'slappart1', 'slappart2'].flatMap((reference, i) => [
    address(i, reference),
    resource(reference),
  ])
  const failures = await runStages(stagesOf(steps), execute, (step) => done.push(step))
  assert.deepEqual(
    failures.map(({ partition }) => partition),
    ['slappart0', 'slappart2'],
  )
  assert.deepEqual(done, [address(1, 'slappart1'), resource('slappart1')])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostStep } from '../host/host.ts'
import { runStages, stagesOf } from './stages.ts'

const directory = (path: string): HostStep => ({ kind: 'root-directory', path, mode: 0o755 })
const address = (n: number): HostStep => ({
  ...{ kind: 'address', interface: 'lo', address: `10.0.0.${n}`, prefixLength: 32, partition: 'slappart0' },
})

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

test('a step that fails leaves those beside it alone, and stops those after it', async () => {
  const done: HostStep[] = []
  const execute = async (step: HostStep) => {
    if (step.kind === 'root-directory' && step.path === '/a') throw new Error('no room')
    done.push(step)
  }
  await assert.rejects(
    runStages(stagesOf([directory('/a'), directory('/b'), address(1)]), execute, () => {}),
    /no room/,
  )
  assert.deepEqual(done, [directory('/b')])
})

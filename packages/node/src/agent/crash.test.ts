import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '../../test/eventually.ts'
import { createLocalNode, type LocalNode } from '../../test/local-node.ts'
import type { Supervisor } from '../supervise/supervisor.ts'
import { openSupervisor } from './compose.ts'
import { takeNodeLock } from './lock.ts'

const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    instance.service('web', { command: ['/bin/sleep', '1000'] })
    instance.publish({ up: 'yes' })
  },
})
`
const MAIN = new URL('../commands/agent.ts', import.meta.url).href

describe('the agent as a process', () => {
  let node: LocalNode
  let supervisor: Supervisor
  let child: ChildProcess | undefined
  const start = async () => {
    const script = `const { agentCommand } = await import(${JSON.stringify(MAIN)})
      process.exitCode = await agentCommand({ out() {}, err() {}, environment: {} }, { cfg: ${JSON.stringify(node.cfg)} })`
    const started = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child = started
    await once(started, 'message')
  }
  const pid = () => supervisor.status().find(({ name, state }) => name === 'web' && state === 'RUNNING')?.pid

  before(async () => {
    node = await createLocalNode({ release: { 'instance.ts': INSTANCE } })
    node.proxy.supply(node.release)
    await node.request('web')
    supervisor = openSupervisor(await node.config())
  })
  after(async () => {
    child?.kill('SIGKILL')
    await node.end()
  })

  it('deploys, and its end by SIGTERM stops no service', async () => {
    await start()
    await eventually('published', () => node.proxy.state.occupant('web')?.connection['up'] === 'yes')
    const running = pid()
    assert.ok(running)
    child?.kill('SIGTERM')
    if (child) assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.equal(pid(), running)
  })

  it('killed, it leaves no lock behind, and the next one touches no process', async () => {
    const running = pid()
    await start()
    assert.equal(await takeNodeLock(join(node.root, 'var')), undefined)
    child?.kill('SIGKILL')
    if (child) await once(child, 'exit')
    await start()
    assert.equal(pid(), running)
    const calls = node.proxy.calls.length
    await eventually('it asked the Master', () => node.proxy.calls.length > calls)
    child?.disconnect() // whoever started it is gone
    if (child) await once(child, 'exit')
    assert.equal(pid(), running)
  })
})

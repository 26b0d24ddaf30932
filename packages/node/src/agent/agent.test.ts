import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '../../test/eventually.ts'
import { createLocalNode, type LocalNode } from '../../test/local-node.ts'
import { openAgent } from './run-agent.ts'

const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    const { message = 'hello', child = false, slow = false } = instance.parameters
    const db = child ? instance.request('db', { softwareType: 'default', parameters: { message: 'child' } }) : undefined
    if (message === 'broken') throw new Error('this instance is broken')
    const config = instance.file('etc/web.json', JSON.stringify({ message, slaves: instance.slaves.map((s) => s.reference) }))
    instance.directory('data')
    instance.service('web', {
      command: [instance.paths.node, '-e', 'console.log("up " + process.argv[1]); setInterval(() => {}, 1000)', config],
      reads: [config],
    })
    instance.publish({ message, ...(db ? { db: db.message } : {}) })
  },
})
`

describe('agent with a classic Master and real processes', () => {
  let node: LocalNode
  before(async () => {
    node = await createLocalNode({ release: { 'instance.ts': INSTANCE }, partitions: 4 })
  })
  after(() => node.end())

  it('builds, deploys, runs, publishes and reports', async () => {
    node.proxy.supply(node.release)
    await node.request('web')
    await node.open()
    await eventually('published', () => node.proxy.state.occupant('web')?.connection['message'] === 'hello')
    await eventually('reported', () => node.proxy.calls.some(({ path }) => path === 'startedComputerPartition'))
    assert.ok(node.pid('web'))
    const calls = node.proxy.calls.map(({ path }) => path)
    assert.ok(calls.includes('buildingSoftwareRelease') && calls.includes('availableSoftwareRelease'))
  })

  it('does nothing when nothing changed', async () => {
    const [calls, process] = [node.proxy.calls.length, node.pid('web')]
    await node.agent.refresh()
    await node.agent.idle()
    assert.deepEqual(
      node.proxy.calls.slice(calls).map(({ path }) => path),
      ['getFullComputerInformation'],
    )
    assert.equal(node.pid('web'), process)
  })

  it('restarts a service whose configuration changed', async () => {
    const process = node.pid('web')
    await node.request('web', { message: 'other' })
    await eventually('other', () => node.proxy.state.occupant('web')?.connection['message'] === 'other')
    await eventually('restarted', () => node.pid('web') !== undefined && node.pid('web') !== process)
  })

  it('deploys a tree; the parent does not fail while the child waits', async () => {
    await node.request('tree', { child: true })
    await eventually('child asked', () => node.proxy.state.occupant('db') !== undefined)
    await node.agent.refresh()
    await eventually('child published', () => node.proxy.state.occupant('db')?.connection['message'] === 'child')
    // The proxy does not announce it: the child is asked again with the next poll.
    await node.agent.refresh()
    await eventually('parent knows', () => node.proxy.state.occupant('tree')?.connection['db'] === 'child')
  })

  it('one bad partition disturbs no other, and keeps what runs', async () => {
    const process = node.pid('web')
    await node.request('web', { message: 'broken' })
    await eventually('error told', () => node.proxy.calls.some(({ path }) => path === 'softwareInstanceError'))
    const told = node.proxy.calls.find(({ path }) => path === 'softwareInstanceError')
    assert.match(told?.fields['error_log'] ?? '', /this instance is broken/)
    assert.equal(node.pid('web'), process)
    await node.request('web', { message: 'well' })
    await eventually('well again', () => node.proxy.state.occupant('web')?.connection['message'] === 'well')
  })

  it('another agent takes over without touching a process, with the Master gone', async () => {
    const process = node.pid('web')
    await node.close()
    await node.proxy.pause()
    await node.open()
    assert.equal(node.pid('web'), process)
    await eventually(
      'condition',
      () => node.agent.master.condition === 'unreachable' && node.agent.master.reason !== 'not tried yet',
    )
    await node.proxy.resume()
    await node.agent.refresh()
    assert.equal(node.agent.master.condition, 'connected')
  })

  it('restores everything after the machine restarted, with the Master gone', async () => {
    await node.agent.parts.supervisor.stopEverything()
    await node.close()
    await node.proxy.pause()
    await node.open()
    await eventually('running', () => node.pid('web') !== undefined && node.pid('tree') !== undefined)
    await node.proxy.resume()
    await node.agent.refresh()
  })

  it('tells silence, refusal and failure apart', async () => {
    for (const [status, condition] of [
      [403, 'refused'],
      [503, 'failed'],
    ] as const) {
      node.proxy.fail(status)
      await node.agent.refresh()
      assert.equal(node.agent.master.condition, condition)
    }
    node.proxy.fail(undefined)
    await node.agent.refresh()
    assert.equal(node.agent.master.condition, 'connected')
    assert.ok(node.pid('web'))
  })

  it('stops and keeps the data, then destroys without residue', async () => {
    const partition = node.proxy.state.partitionOf('web') ?? ''
    const directory = node.partition('web')
    await writeFile(join(directory, 'data/file'), 'mine')
    await node.request('web', {}, 'stopped')
    await eventually('stopped', () => node.proxy.calls.some(({ path }) => path === 'stoppedComputerPartition'))
    assert.equal(node.agent.parts.supervisor.status().filter((s) => s.partition === partition).length, 0)
    assert.equal(await readFile(join(directory, 'data/file'), 'utf8'), 'mine')
    await node.request('web', {}, 'destroyed')
    await eventually('freed', () => node.proxy.state.occupant('web') === undefined)
    assert.deepEqual(await readdir(directory), ['.slapos-resource'])
    await node.agent.refresh()
    await eventually('forgotten', () => !existsSync(join(node.root, 'var/partitions', `${partition}.json`)))
  })

  it('only one process works on a node', async () => {
    await assert.rejects(openAgent(await node.config()), { code: 'LOCKED' })
  })
})

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '../../test/eventually.ts'
import { createLocalNode, type LocalNode } from '../../test/local-node.ts'

const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    while (instance.parameters.endless) {}
    instance.service('web', { command: ['/bin/sleep', '1000'] })
    instance.promise.command('hangs', { command: ['/bin/sleep', '1000'] })
    instance.promise.command('own', { command: ['/bin/sleep', '1000'], timeout: 2 })
    instance.limits({ processes: 1000, cpus: 0.5 })
    instance.publish({ turn: String(instance.parameters.turn) })
  },
})
`

describe('limits of slapos.cfg', () => {
  let node: LocalNode
  before(async () => {
    const settings = [
      'partition_timeout = 3',
      'promise_timeout = 1',
      'partition_process_limit = 50',
      'manager_list = cpuset',
      'typo = 1',
    ]
    node = await createLocalNode({ release: { 'instance.ts': INSTANCE }, partitions: 2, settings })
    node.proxy.supply(node.release)
  })
  after(() => node.end())

  const errors = () => node.told('softwareInstanceError').map((fields) => fields['error_log'] ?? '')

  it('say what they cannot do, once, in the log', async () => {
    await node.open()
    const log = () => readFile(join(node.root, 'opt/slapos/log/slapos-node-agent.log'), 'utf8').catch(() => '')
    await eventually('warnings', async () => (await log()).includes('unknown option typo of [slapos]'))
    assert.match(await log(), /WARNING {2}\S+slapos\.cfg: option manager_list of \[slapos\] has no effect: /)
  })

  it('promise_timeout is the deadline of a promise that has none of its own', async () => {
    await node.request('web', { turn: 1 })
    await eventually('deployed', () => node.proxy.state.occupant('web')?.connection['turn'] === '1')
    const results = () => node.agent.parts.promises.results(node.proxy.state.partitionOf('web'))
    await eventually('both checked', () => results().length === 2)
    assert.deepEqual(
      results().map(({ name, message }) => [name, message]),
      [
        ['hangs', 'Error: Promise timed out after 1 seconds'],
        ['own', 'Error: Promise timed out after 2 seconds'],
      ],
    )
  })

  it('what a release asks for is bounded by what the operator allows', async (t) => {
    const partition = node.proxy.state.partitionOf('web')
    const statuses = node.agent.parts.supervisor.status().filter((status) => status.partition === partition)
    const pid = statuses.find(({ name }) => name === 'web')?.pid
    const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8')
    const mounts = await readFile('/proc/self/mounts', 'utf8')
    const found = /^\d+:(?:pids)?:(.*\/slapos-\w+\/slappart\d+)/m.exec(groups)?.[1]
    const roots = mounts
      .split('\n')
      .flatMap((line) => (/ cgroup2? .*(pids|cgroup2)/.test(line) ? [line.split(' ')[1]] : []))
    const limits = await Promise.all(
      roots.map((root) => readFile(join(root ?? '', found ?? 'none', 'pids.max'), 'utf8').catch(() => '')),
    )
    if (limits.every((limit) => limit === '')) return t.skip('needs root and the cgroup controller pids')
    assert.ok(limits.includes('50\n'), limits.join())
  })

  it('a promise fails since it fails, whatever agent looks at it', async () => {
    const results = () => node.agent.parts.promises.results(node.proxy.state.partitionOf('web'))
    const since = results().map((result) => result.since)
    await node.close()
    await node.open()
    await eventually('both checked again', () => results().length === 2)
    assert.deepEqual(
      results().map((result) => result.since),
      since,
    )
  })

  it('partition_timeout ends an evaluation that does not', async () => {
    await node.request('loop', { endless: true })
    await eventually('told', () => errors().length > 0)
    assert.match(errors()[0] ?? '', /returned no plan within 3 s and was killed/)
    assert.ok(node.pid('web'))
    await node.request('loop', {}, 'destroyed')
  })

  it('instance_min_free_space stops new work, and nothing that runs, and no stop', async () => {
    const pid = node.pid('web')
    await node.close()
    const text = await readFile(node.cfg, 'utf8')
    await writeFile(node.cfg, text.replace('instance_min_free_space = 1M', 'instance_min_free_space = 900T'))
    await node.open()
    const before = errors().length
    await node.request('web', { turn: 2 })
    await eventually('told', () => errors().length > before)
    assert.match(
      errors().at(-1) ?? '',
      /^Not enough space for \S+: available [\d.]+ [GMT]B, required 900\.0 TB \(option 'instance_min_free_space'\)/,
    )
    assert.equal(node.pid('web'), pid)
    await node.request('web', { turn: 2 }, 'stopped')
    await eventually('stopped', () => node.told('stoppedComputerPartition').length > 0)
    assert.equal(node.pid('web'), undefined)
  })
})

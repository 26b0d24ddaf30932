import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { silentLogger, systemClock } from '@slapos/base'
import type { PlannedPromise } from '@slapos/release'
import type { DesiredOccupant } from '@slapos/slap'
import { type FakeProxy, startFakeProxy } from '@slapos/testkit/proxy/fake-proxy.ts'
import { eventually } from '../../test/eventually.ts'
import { connectLink } from '../link/connect.ts'
import type { MasterLink } from '../link/link.ts'
import { createPromiseMonitor, type PromiseMonitor } from '../promise/index.ts'
import { type Bench, openBench, service } from '../supervise/testing.ts'
import { nextBang } from './bang-rule.ts'
import { Watchdog } from './watchdog.ts'

const MINUTE = 60_000

describe('when to bang', () => {
  const first = { revision: '1', at: 0, count: 1 }
  it('once a deployment', () => {
    assert.deepEqual(nextBang(undefined, '1', 0), first)
    assert.equal(nextBang(first, '1', 100 * MINUTE), undefined)
  })
  it('ever more rarely when bangs do not help, and as at first after a quiet time', () => {
    assert.equal(nextBang(first, '2', MINUTE - 1), undefined)
    const second = nextBang(first, '2', MINUTE)
    assert.deepEqual(second, { revision: '2', at: MINUTE, count: 2 })
    assert.equal(nextBang(second, '3', 2 * MINUTE), undefined)
    assert.deepEqual(nextBang(second, '3', 3 * MINUTE), { revision: '3', at: 3 * MINUTE, count: 3 })
    assert.equal(nextBang(second, '3', 30 * MINUTE)?.count, 1)
  })
  it('at least once a day, at most some twelve times in the first', () => {
    let [last, bangs] = [nextBang(undefined, '0', 0), 1]
    for (let minute = 1; minute < 24 * 60; minute++) {
      const next = nextBang(last, String(minute), minute * MINUTE)
      if (next) [last, bangs] = [next, bangs + 1]
    }
    assert.ok(bangs > 5 && bangs < 13, String(bangs))
  })
})

describe('watchdog for a classic Master', () => {
  let bench: Bench
  let proxy: FakeProxy
  let link: MasterLink
  let promises: PromiseMonitor
  let watchdog: Watchdog
  let revision = '1'
  const told = (path: string) => proxy.calls.filter((call) => call.path === path).map(({ fields }) => fields)
  const bangs = () => told('softwareInstanceBang').map((fields) => fields['message'] ?? '')
  const errors = () => told('softwareInstanceError').map((fields) => fields['error_log'] ?? '')
  const open = async () => {
    watchdog = new Watchdog({
      path: join(bench.directory, 'watchdog.json'),
      supervisor: bench.supervisor,
      promises,
      clock: systemClock,
      logger: silentLogger,
      link: () => link,
      started: () => ({ ownRevision: revision }) as DesiredOccupant,
      deployed: () => true,
      patienceMs: 100,
    })
    await watchdog.open()
  }
  const end = async () => {
    const [pid, { restarts }] = [bench.pid('web'), bench.status('web')]
    process.kill(pid, 'SIGKILL')
    await eventually('its next life', () => {
      const now = bench.status('web')
      return now.state === 'RUNNING' && now.restarts > restarts
    })
  }

  before(async () => {
    bench = await openBench()
    proxy = await startFakeProxy()
    const identity = {
      masterUrl: proxy.url,
      computerId: 'c',
      keyFile: undefined,
      certFile: undefined,
      caFile: undefined,
    }
    const connected = await connectLink(identity, '1')
    assert.ok(connected.kind === 'ok')
    link = connected.value.link
    promises = createPromiseMonitor({ service: () => undefined, userNamespaces: false })
    await bench.supervisor.apply('slappart0', [service('web', 'echo my last words; exec sleep 1000')])
    await open()
  })
  after(async () => {
    await watchdog.close()
    await promises.close()
    link.close()
    await proxy.close()
    await bench.end()
  })

  it('a service that ends by itself bangs its instance, with its last words', async () => {
    await end()
    await eventually('a bang', () => bangs().length === 1)
    assert.match(
      bangs()[0] ?? '',
      /^web-on-watch process in partition slappart0 encountered a problem\nweb: it was ended by SIGKILL\n.* my last words$/,
    )
  })

  it('does so once a deployment, whatever agent lives', async () => {
    await end()
    await watchdog.close()
    await open()
    await end()
    await watchdog.close()
    assert.equal(bangs().length, 1)
    // Another deployment that does not help either waits its time.
    revision = '2'
    await open()
    await end()
    await watchdog.close()
    assert.equal(bangs().length, 1)
  })

  it('a stop by hand bangs nobody', async () => {
    await writeFile(join(bench.directory, 'watchdog.json'), '{"format":1,"told":{}}')
    await open()
    await bench.supervisor.control('restart', 'slappart0:web')
    await watchdog.close()
    assert.equal(bangs().length, 1)
  })

  it('a promise that goes on failing is an error of its instance, with the words of services that do not run', async () => {
    await bench.supervisor.apply('slappart0', [service('web', 'echo out of luck; exit 3')])
    await eventually('given up for now', () => bench.status('web').state === 'BACKOFF')
    await open()
    const flag = join(bench.directory, 'well')
    const promise: PlannedPromise = {
      name: 'file',
      kind: 'command',
      command: ['/bin/sh', '-c', `cat ${flag}`],
      period: 1,
    }
    promises.set('slappart0', [promise], { directory: '/', runAs: { kind: 'self' } })
    await eventually('an error', () => errors().length === 1)
    assert.match(
      errors()[0] ?? '',
      /^Promise 'file' failed with output: cat: \S+: No such file or directory\nweb: it ended with exit code 3\n.* out of luck$/s,
    )
    await watchdog.close()
    await open()
    await writeFile(flag, 'well')
    await eventually('taken back', () => told('startedComputerPartition').length === 1)
    assert.equal(errors().length, 1)
  })

  it('a service that ended while no agent lived bangs too, once', async () => {
    const { supervisor } = bench
    await supervisor.apply('slappart1', [
      service('late', 'echo last words; exec sleep 1000', { partition: 'slappart1' }),
    ])
    const late = () => supervisor.status().find(({ name }) => name === 'late')
    await eventually('running', () => late()?.state === 'RUNNING')
    await watchdog.close()
    await open()
    await watchdog.close()
    const { pid } = late() ?? {}
    assert.ok(pid)
    process.kill(pid, 'SIGKILL')
    await eventually('its next life', () => late()?.state === 'RUNNING' && late()?.restarts === 1)
    const late1 = () => bangs().filter((message) => message.includes('slappart1'))
    assert.deepEqual(late1(), [])

    await open()
    watchdog.retry()
    await eventually('a bang', () => late1().length === 1)
    assert.match(late1()[0] ?? '', /^late-on-watch process in partition slappart1 encountered a problem\n/)
    await watchdog.close()
    revision = '9' // another deployment: only the service itself could give a reason now
    await open()
    watchdog.retry()
    await watchdog.close() // all that was to be told is told
    assert.equal(late1().length, 1)
  })
})

import assert from 'node:assert/strict'
import { chmod, readdir } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { type Bench, eventually, openBench, service } from './testing.ts'

describe('as another user', { skip: process.getuid?.() !== 0 && 'needs root' }, () => {
  let bench: Bench
  before(async () => {
    bench = await openBench({ logAs: { kind: 'user', uid: 65534, gid: 65534 } })
    await chmod(bench.directory, 0o711)
  })
  after(() => bench.end())
  const whoami = 'id -u; id -G; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status; exec sleep 1000'

  test('the uid, its groups only, no capability, no way back', async () => {
    const runAs = { kind: 'user', uid: 45678, gid: 45679 } as const
    await bench.supervisor.apply('slappart0', [service('u', whoami, { runAs })])
    await eventually('its word', async () => (await bench.supervisor.tail('slappart0:u')).includes('NoNewPrivs'))
    const words = (await bench.supervisor.tail('slappart0:u')).replaceAll(/^\S+ \S+ {2}/gm, '').replaceAll('\t', ' ')
    assert.deepEqual(words.trim().split('\n'), [
      '45678',
      '45679',
      'CapEff: 0000000000000000',
      'CapBnd: 0000000000000000',
      'NoNewPrivs: 1',
    ])
  })

  test('what it says in LD_PRELOAD reaches no program of root', async () => {
    const runAs = { kind: 'user', uid: 45678, gid: 45679 } as const
    const environment = { LD_PRELOAD: '/nonexistent/evil.so', PATH: '/usr/bin:/bin' }
    await bench.supervisor.apply('slappart0', [service('preload', 'sleep 1000', { runAs, environment })])
    const complaints = async () =>
      [...(await bench.supervisor.tail('slappart0:preload', { bytes: 5000 })).matchAll(/evil\.so/g)].length
    // The dynamic linker complains once a program that has it: the two of the service itself, sh and sleep.
    await eventually('the complaints', async () => (await complaints()) >= 2)
    assert.equal(await complaints(), 2)
  })

  test('a namespace has no root in it', async () => {
    await bench.supervisor.apply('slappart0', [service('n', whoami, { runAs: { kind: 'namespace' } })])
    await eventually('its word', async () => (await bench.supervisor.tail('slappart0:n')).includes('NoNewPrivs'))
    const words = await bench.supervisor.tail('slappart0:n')
    assert.match(words, / {2}65534\n/)
    assert.match(words, /CapEff:\t0000000000000000/)
    assert.match(words, /NoNewPrivs:\t1/)
  })

  test('/dev/stdout can be opened, and logs belong to the log user', async () => {
    const runAs = { kind: 'user', uid: 45678, gid: 45679 } as const
    await bench.supervisor.apply('slappart0', [
      service('out', 'echo reopened >/dev/stdout; exec sleep 1000', { runAs }),
    ])
    await eventually('it is heard', async () => (await bench.supervisor.tail('slappart0:out')).includes('reopened'))
    assert.ok((await readdir(bench.supervisor.logDirectory('slappart0', 'out'))).includes('current'))
  })
})

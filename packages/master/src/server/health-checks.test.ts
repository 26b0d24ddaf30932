import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '@slapos/base'
import { type Authority, openAuthority } from '../identity/ca/authority.ts'
import { createHealth, type HealthCheck } from './health.ts'
import { authorityCheck, certificateCheck, diskCheck, installerCheck, panelCheck } from './health-checks.ts'

const DAY = 86_400_000
let directory: string
let authority: Authority

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-health-'))
  authority = await openAuthority(directory, systemClock)
})
after(() => rm(directory, { recursive: true }))

const after1 = (ms: number) => ({ ...systemClock, now: () => Date.now() + ms })
async function found(check: HealthCheck) {
  const { state, what, next } = await check()
  assert.equal(next === '', state === 'ok', 'what is not well says what to do')
  return `${state}: ${what}`
}

test('disk: a warning below 1 GB, failing below 100 MB, and when it cannot be looked at', async () => {
  const free = (megabytes: number) =>
    found(diskCheck({ directory: '/d' }, async () => ({ bavail: megabytes * 250, bsize: 4000 })))
  assert.equal(await free(1000), 'ok: 1000 MB free for /d')
  assert.equal(await free(999), 'warning: 999 MB free for /d')
  assert.equal(await free(99), 'failing: 99 MB free for /d')
  const health = createHealth()
  health.add('disk', diskCheck({ directory: join(directory, 'gone') }))
  const [gone] = await health.look()
  assert.equal(gone?.state, 'failing')
  assert.match(gone?.what ?? '', /ENOENT/)
})

test('certificates: a warning when their renewal is late, failing when they ended', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
  const { pem } = authority.issue({ subject: { commonName: 'x' }, publicKey: key, use: 'server', life: 40 * DAY })
  const at = (days: number) =>
    found(certificateCheck(() => [authority.root, pem], after1(days * DAY), 30 * DAY, 'renew'))
  assert.match(await at(0), /^ok: valid until \d{4}-\d\d-\d\d$/)
  assert.match(await at(11), /^warning: valid until/)
  assert.match(await at(41), /^failing: valid until/)
  const ofAuthority = (years: number) => found(authorityCheck(authority, after1(years * 365.25 * DAY)))
  assert.match(await ofAuthority(14), /^ok/)
  assert.match(await ofAuthority(14.8), /^warning/)
  assert.match(await ofAuthority(16), /^failing/)
})

test('what is not served is a warning with the command that mends it', async () => {
  assert.equal(await found(panelCheck(directory)), 'warning: not built')
  assert.equal(await found(installerCheck(() => false)), 'warning: not served: no bundle')
  assert.equal(await found(installerCheck(() => true)), 'ok: served')
})

test('a check that throws or does not answer in 3 s is a finding, and the others are told', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const health = createHealth()
  health.add('hangs', () => new Promise(() => {}))
  health.add('throws', async () => {
    throw new Error('no such table')
  })
  health.add('well', () => ({ state: 'ok', what: 'fine', next: '' }))
  const looked = health.look()
  t.mock.timers.tick(3_000)
  assert.deepEqual(
    (await looked).map(({ name, state, what }) => [name, state, what]),
    [
      ['hangs', 'failing', 'no answer within 3 s'],
      ['throws', 'failing', 'no such table'],
      ['well', 'ok', 'fine'],
    ],
  )
})

/** `slapos master status` of a real Master to which something happened: what it says, and how it ends. */
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '@slapos/base'
import { openAuthority } from '@slapos/master/identity/ca/authority.ts'
import { enrolComputer } from '@slapos/slap'
import { hasPostgres, startPostgres } from '@slapos/testkit/postgres.ts'
import { eventually } from './eventually.ts'
import { type MasterProcess, masterProcess } from './master-process.ts'

const DAY = 86_400_000
let master: MasterProcess
let cert: string
let key: string

before(async () => {
  master = await masterProcess()
  cert = join(master.directory, 'web.pem')
  key = join(master.directory, 'web.key')
})
after(() => master?.close())

/** A certificate for the web side, of an authority that is not the Master's. */
async function certificateFor(life: number): Promise<void> {
  const authority = await openAuthority(join(master.directory, 'public'), systemClock)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const names = ['127.0.0.1']
  const leaf = authority.issue({
    subject: { commonName: 'web' },
    publicKey: createPublicKey(pem),
    use: 'server',
    names,
    life,
  })
  await writeFile(key, pem)
  await writeFile(cert, leaf.pem)
}

test('what people ask of it fails: exit code 2, the part, the reason and what to do', async () => {
  await certificateFor(25_000)
  await master.start('--web-cert', cert, '--web-key', key)
  const soon = await master.run('status')
  assert.equal(soon.code, 0, soon.out)
  assert.match(soon.out, /^web certificate +WARNING +valid until \d{4}-\d\d-\d\d$/m)
  await eventually('its end', async () => (await master.run('status')).code === 2)
  const { out } = await master.run('status')
  assert.match(out, /^web certificate +FAILING +valid until/m)
  assert.match(out, /^web certificate: Renew it: the Master takes the files of --web-cert and --web-key up/m)
  const { findings } = JSON.parse((await master.run('status', '--json')).out)
  assert.equal(Object(findings.find(({ name }: { name: string }) => name === 'web certificate')).state, 'failing')
  // Mended where the message says, without a restart.
  await certificateFor(90 * DAY)
  await eventually('the new certificate', async () => (await master.run('status')).code === 0)
})

test('a node that was never seen and a backup that is a week old are warnings, by name', async () => {
  const token = (await master.ok('token', 'create', 'ada')).trim()
  const ca = await readFile(join(master.dataDirectory, 'pki/root.crt'), 'utf8')
  const { reference } = await enrolComputer({ url: master.apiUrl, tls: { ca } }, { token }, { title: 'silent' })
  await master.ok('backup', join(master.directory, 'backup.tar'))
  assert.match(await master.ok('status'), /^backup +ok +last one \d{4}-/m)
  const note = join(master.dataDirectory, 'last-backup.json')
  await writeFile(note, (await readFile(note, 'utf8')).replace(/"made": *\d+/, `"made":${Date.now() - 8 * DAY}`))
  const said = await master.ok('status')
  assert.match(said, /^backup +WARNING +last one/m)
  assert.match(said, /^backup: Run `slapos master backup FILE` daily/m)
  assert.match(said, new RegExp(`^nodes +WARNING +0 of 1 in contact; silent: ${reference}$`, 'm'))
})

test('its database is away: it goes on answering what it can, and says so', { skip: !hasPostgres() }, async () => {
  const cluster = await startPostgres()
  const database = await cluster.database()
  const other = await masterProcess({ database })
  try {
    await other.start('--database', database)
    assert.match(await other.ok('status'), /^database +ok +PostgreSQL answers$/m)
    await cluster.stop()
    const { code, out } = await other.run('status')
    assert.equal(code, 2, out)
    assert.match(out, /^database +FAILING +\S/m)
    assert.equal((await fetch(new URL('healthz', other.webUrl))).ok, false)
  } finally {
    await other.close()
    await cluster.stop()
  }
})

test('one that hangs is told from one that does not run', async () => {
  process.kill(master.pid, 'SIGSTOP')
  try {
    const { code, err } = await master.run('status')
    assert.equal(code, 2)
    assert.match(err, /^slapos: the Master runs, but did not answer for 20 s\. See its log, then start it again\.$/m)
  } finally {
    process.kill(master.pid, 'SIGCONT')
  }
})

test('one that was killed is stopped, one that is not there is absent', async () => {
  await master.end('SIGKILL')
  const { code, out } = await master.run('status')
  assert.equal(code, 1)
  assert.match(out, /^master +STOPPED +start it: slapos master start --data-directory/)
  await rename(master.dataDirectory, `${master.dataDirectory}.away`)
  assert.match((await master.run('status')).out, /^master +ABSENT +there is none in .*slapos master init/)
})

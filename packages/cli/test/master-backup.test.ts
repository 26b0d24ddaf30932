/** Backups of a Master that is written to all the time, restored elsewhere, with its clients and nodes coming back. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { createSlapClient, enrolComputer, type SlapClient } from '@slapos/slap'
import { type MasterProcess, masterProcess, PASSWORD } from './master-process.ts'
import { type PanelSession, panelSession } from './panel-session.ts'

const WRITERS = 8
let first: MasterProcess
let second: MasterProcess
let backup: string
let panel: PanelSession
/** References that the first Master gave, those after the backup too. */
const given = { computers: new Set<string>(), services: new Set<string>() }
/** Acknowledged before the backup began. */
let before1: ReadonlySet<string> = new Set()
let firstEpoch: string

before(async () => {
  ;[first, second] = await Promise.all([masterProcess(), masterProcess({ init: false })])
  backup = join(first.directory, 'backup.tar')
  await first.start()
  panel = await panelSession(first.webUrl, 'ada', PASSWORD)
})
after(() => Promise.all([first?.close(), second?.close()]))

async function node(master: MasterProcess, title: string) {
  const token = (await master.ok('token', 'create', 'ada')).trim()
  const ca = await readFile(join(master.dataDirectory, 'pki/root.crt'), 'utf8')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const csr = createCertificateRequest(privateKey, title)
  const enrolled = await enrolComputer({ url: master.apiUrl, tls: { ca } }, { token }, { title, csr })
  const computer = enrolled.reference ?? ''
  const at = (url: string): SlapClient => createSlapClient({ url, tls: { ca, cert: enrolled.certificate, key } })
  return { computer, at }
}
const epochOf = async (master: MasterProcess) =>
  String(Object(await (await fetch(new URL('healthz', master.webUrl))).json()).epoch)

let kept: Awaited<ReturnType<typeof node>>
/** Registered after the backup. */
let late: typeof kept

test('backups are made while it is written to, and each is whole', async () => {
  firstEpoch = await epochOf(first)
  kept = await node(first, 'kept')
  given.computers.add(kept.computer)
  let going = true
  const acknowledged = new Set<string>()
  const writer = async (name: number) => {
    for (let n = 0; going; n++) {
      const wish = { title: `s-${name}-${n}`, releaseUrl: 'https://example.org/r.cfg', softwareType: 'default' }
      const made = await panel.post('services', { ...wish, shared: false, parameters: {}, filter: {} })
      acknowledged.add(String(Object(made).reference))
    }
  }
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)))
  try {
    for (let round = 0; round < 3; round++) {
      before1 = new Set(acknowledged)
      await first.ok('backup', backup)
    }
  } finally {
    going = false
    await writing
  }
  assert.ok(acknowledged.size > before1.size, 'it was written to meanwhile')
  for (const reference of acknowledged) given.services.add(reference)
  assert.equal((await stat(backup)).mode & 0o777, 0o600)
})

test('what was acknowledged before a backup is in it; elsewhere it begins another history', async () => {
  late = await node(first, 'late')
  given.computers.add(late.computer)
  // The first machine burns down.
  await first.end('SIGKILL')
  assert.match(await second.ok('restore', backup), /restored into \S+; epoch [0-9a-f]+ begins/)
  const database = new DatabaseSync(join(second.dataDirectory, 'state.db'), { readOnly: true })
  assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' })
  const rows = database.prepare('SELECT reference FROM instance').all()
  database.close()
  const restored = new Set(rows.map(({ reference }) => String(reference)))
  assert.deepEqual(
    [...before1].filter((reference) => !restored.has(reference)),
    [],
  )
  await second.start()
  assert.notEqual(await epochOf(second), firstEpoch)
})

test('a node of before comes with its certificate; one that the backup does not know is refused', async () => {
  const client = kept.at(second.apiUrl)
  assert.equal((await client.capabilities())?.computer, kept.computer)
  client.close()
  const unknown = late.at(second.apiUrl)
  await assert.rejects(unknown.capabilities(), { kind: 'refused' })
  unknown.close()
})

test('no number of before is given again, not even the newest', async () => {
  const next = await node(second, 'next')
  assert.ok(!given.computers.has(next.computer), `${next.computer} was given twice`)
  const there = await panelSession(second.webUrl, 'ada', PASSWORD)
  const wish = { title: 'after', releaseUrl: 'https://example.org/r.cfg', softwareType: 'default', shared: false }
  const { reference } = Object(await there.post('services', { ...wish, parameters: {}, filter: {} }))
  assert.ok(!given.services.has(reference), `${reference} was given twice`)
})

test('a directory that holds a Master is not restored into, and a broken file leaves nothing', async () => {
  const { code, err } = await second.run('restore', backup)
  assert.notEqual(code, 0)
  assert.match(err, /another Master runs on the data directory/)
  const third = await masterProcess({ init: false })
  try {
    const half = join(third.directory, 'half.tar')
    await writeFile(half, (await readFile(backup)).subarray(0, 50_000))
    const broken = await third.run('restore', half)
    assert.equal(broken.code, 1)
    assert.match(broken.err, /^slapos: the backup cannot be made or read: [^\n]+\n$/)
    assert.deepEqual(await readdir(third.dataDirectory), [])
    await third.ok('restore', backup)
  } finally {
    await third.close()
  }
})

/** The database of an older Master, as that Master left it, comes along; the one of a newer Master is left alone. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { type MasterProcess, masterProcess, PASSWORD } from './master-process.ts'
import { type PanelSession, panelSession } from './panel-session.ts'

/**
 * What a Master of schema 4 held after a cloud had run on it for a while, as SQL: two people (whose passwords it hashed
 * with scrypt), a node with ten partitions, a release, three services, tokens, its records of who did what.
 */
const OLDER = join(import.meta.dirname, 'fixtures/state-0004.sql')
/** Of its tokens, one that was not used yet. */
const TOKEN = '20261128-310ecbdeb039b78763c4fa5ff9e20543'

let master: MasterProcess
let state: string

before(async () => {
  master = await masterProcess()
  state = join(master.dataDirectory, 'state.db')
  await fill(state)
})
after(() => master?.close())

async function fill(path: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true })
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(await readFile(OLDER, 'utf8'))
  database.close()
}
const migrationsOf = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare('SELECT name FROM kysely_migration ORDER BY name').all()
  database.close()
  return rows.map(({ name }) => String(name))
}
const items = async (session: PanelSession, path: string): Promise<readonly Record<string, unknown>[]> =>
  Object(await session.get(path)).items

test('the start brings it to this version, and keeps what was before', async () => {
  await master.start()
  assert.match(
    master.log,
    /upgrading the database \(0005-\S+(, \d{4}-\S+)+\); the state before is in \S+before-upgrade\.tar/,
  )
  assert.ok(migrationsOf(state).length > 4)
  assert.equal((await stat(join(master.dataDirectory, 'before-upgrade.tar'))).mode & 0o777, 0o600)
})

test('people log in, and everything is there', async () => {
  assert.match(await master.ok('user', 'list'), /^ada +PERS-2 .*\n^admin +PERS-1 .* operator$/m)
  const ada = await panelSession(master.webUrl, 'ada', PASSWORD)
  assert.deepEqual(await items(ada, 'servers'), [])
  await master.ok('user', 'passwd', 'admin')
  const admin = await panelSession(master.webUrl, 'admin', PASSWORD)
  const [server, ...others] = await items(admin, 'servers')
  assert.deepEqual(
    [server?.['computer'], server?.['busy'], server?.['partitions'], others.length],
    ['COMP-0', 1, 10, 0],
  )
  const services = await items(admin, 'services')
  assert.deepEqual(services.map(({ title }) => title).toSorted(), ['hello', 'second', 'waits'])
  const hello = services.find(({ title }) => title === 'hello')
  assert.match(JSON.stringify(await admin.get(`services/${hello?.['reference']}`)), /127\.142\.138\.2:8080/)
})

test('a token that it issued is still good, and no number is given twice', async () => {
  const headers = { 'x-access-token': TOKEN }
  const certificate = await fetch(new URL('Person_getCertificate', master.webUrl), { method: 'POST', headers })
  assert.equal(certificate.status, 200)
  const token = (await master.ok('token', 'create', 'admin')).trim()
  const asked = { method: 'POST', headers: { 'x-access-token': token }, body: new URLSearchParams({ title: 'next' }) }
  const registered = await fetch(new URL('Person_requestComputer', master.webUrl), asked)
  assert.equal(Object(await registered.json()).reference, 'COMP-1')
})

test('a stopped Master is upgraded by a command, once', async () => {
  await master.end()
  await fill(state)
  const said = await master.ok('upgrade')
  assert.match(
    said,
    /^the state before is kept in \S+before-upgrade\.tar\ndone: 0005-\S+\n(done: \S+\n)+the database is of version/,
  )
  assert.match(await master.ok('upgrade'), /^the database is of version \S+\n$/)
})

test('an upgrade whose last step fails leaves the database as it was', async () => {
  await fill(state)
  const before = migrationsOf(state)
  const database = new DatabaseSync(state)
  // In the way of a later step.
  database.exec('CREATE TABLE earlier_version (x)')
  database.close()
  const { code, err } = await master.run('upgrade')
  assert.equal(code, 1)
  assert.match(
    err,
    /^slapos: the database could not be brought to this version: 0009-\S+ failed: .* Nothing was changed/,
  )
  assert.deepEqual(migrationsOf(state), before)
  const again = new DatabaseSync(state)
  again.exec('DROP TABLE earlier_version')
  again.close()
  await master.ok('upgrade')
})

test('a newer database is refused by every command that would write, and nothing is changed', async () => {
  const database = new DatabaseSync(state)
  database.exec(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-future', '')`)
  database.close()
  const content = await readFile(state)
  const names = (await readdir(master.dataDirectory)).toSorted()
  for (const words of [
    ['start', '--api', '127.0.0.1:0', '--web', '127.0.0.1:0'],
    ['upgrade'],
    ['token', 'create', 'ada'],
    ['user', 'list'],
  ]) {
    const { code, out, err } = await master.run(...words)
    assert.notEqual(code, 0, words.join(' '))
    assert.equal(out, '')
    assert.match(
      err,
      /^slapos: the database was made by a newer version of the Master \(it has 9999-future\)\. [^\n]+\n$/,
    )
  }
  assert.deepEqual(await readFile(state), content)
  assert.deepEqual((await readdir(master.dataDirectory)).toSorted(), names)
})

test('the way back: what was kept before the upgrade is restored into an empty directory', async () => {
  const other = await masterProcess({ init: false })
  try {
    await other.ok('restore', join(master.dataDirectory, 'before-upgrade.tar'))
    assert.match(await other.ok('user', 'list'), /^ada +PERS-2/m)
  } finally {
    await other.close()
  }
})

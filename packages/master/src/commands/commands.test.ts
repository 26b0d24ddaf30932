import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { hasPostgres, startPostgres } from '@slapos/testkit/postgres.ts'
import { Migrator } from 'kysely'
import { startMaster } from '../server/start.ts'
import { openSqlite } from '../store/dialect/sqlite/open.ts'
import { migrations } from '../store/migrations/index.ts'
import * as commands from './index.ts'

let directory: string
let lines: string[] = []
let complaints: string[] = []
const output = { out: (line: string) => lines.push(line), err: (line: string) => complaints.push(line) }
const data = (name: string) => ({ dataDirectory: join(directory, name) })

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-commands-'))
})
after(() => rm(directory, { recursive: true, force: true }))

async function ok(command: Promise<number>): Promise<string> {
  lines = []
  complaints = []
  assert.equal(await command, 0, complaints.join('\n'))
  return lines.join('\n')
}
async function refused(command: Promise<number>, words: RegExp): Promise<void> {
  complaints = []
  assert.notEqual(await command, 0)
  assert.match(complaints.join('\n'), words)
}
const start = (name: string) =>
  startMaster({
    ...data(name),
    api: { host: '127.0.0.1', port: 0 },
    web: { host: '127.0.0.1', port: 0, tls: false },
    logger: silentLogger,
  })

test('init makes a Master with a first user, once', async () => {
  const made = await ok(commands.initMaster(data('one'), output))
  assert.match(made, /user: admin\npassword: \S{16}/)
  assert.ok(made.endsWith(`start it with: slapos master start --data-directory ${data('one').dataDirectory}`))
  await refused(commands.initMaster(data('one'), output), /holds a Master already/)
  await refused(commands.listUsers(data('nothing'), output), /slapos master init/)
})

test('users, tokens and certificates, with and without a running Master', async () => {
  const add = (login: string) => commands.addUser({ ...data('one'), login, password: 'long enough 1' }, output)
  assert.match(await ok(add('ada')), /ada is PERS-\d+, owner of PROJ-\d+/)
  await refused(add('ada'), /taken/)
  assert.equal(await commands.masterStatus(data('one'), output), 1)
  assert.match(lines.join('\n'), /STOPPED {2}start it: slapos master start --data-directory/)
  await commands.masterStatus(data('absent'), output)
  assert.match(lines.join('\n'), /ABSENT .*slapos master init/)
  const before = JSON.parse(await ok(commands.listUsers({ ...data('one'), json: true }, output)))
  await refused(commands.addUser({ ...data('one'), login: 'weak', password: 'short' }, output), /too short/)
  await refused(commands.addUser({ ...data('one'), login: 'a b', password: 'long enough 1' }, output), /log-in name/)
  await ok(add('next'))
  const after = JSON.parse(await ok(commands.listUsers({ ...data('one'), json: true }, output)))
  const number = ({ person }: { person: string }) => Number(person.slice('PERS-'.length))
  assert.equal(Math.max(...after.map(number)) - Math.max(...before.map(number)), 1, 'nobody was made in between')
  const master = await start('one')
  try {
    const status = await ok(commands.masterStatus(data('one'), output))
    assert.match(status, /RUNNING/)
    for (const part of ['database', 'disk', 'telemetry', 'authority', 'certificate', 'nodes']) {
      assert.match(status, new RegExp(`^${part} +ok `, 'm'))
    }
    assert.match(status, /^installer +WARNING +not served: no bundle$[\s\S]*^installer: Run `sh scripts\/bundle`/m)
    await ok(add('bob'))
    await refused(add('bob'), /taken/)
    assert.match(await ok(commands.listUsers(data('one'), output)), /ada[\s\S]*admin[\s\S]*bob/)
    assert.match(
      await ok(commands.createToken({ ...data('one'), login: 'ada' }, output)),
      /^\d{8}-[0-9a-f]{32}\.[0-9a-f]{32}$/,
    )
    assert.match(await ok(commands.listTokens(data('one'), output)), /computer +unused/)
    await refused(commands.revokeToken({ ...data('one'), id: 'nope' }, output), /there is no token nope\. Take the ID/)
    const { certificates } = master.parts.identity
    const { record } = await certificates.issuePair('computer', 'COMP-7')
    assert.ok(certificates.find(record.fingerprint))
    await ok(commands.revokeCertificate({ ...data('one'), of: 'COMP-7' }, output))
    assert.equal(certificates.find(record.fingerprint), undefined, 'the running Master knows at once')
    await refused(commands.revokeCertificate({ ...data('one'), of: 'COMP-7' }, output), /No certificate/)
    await ok(commands.setPassword({ ...data('one'), login: 'ada', password: 'another one 2' }, output))
  } finally {
    await master.close()
  }
})

test('limits are listed, set for everybody or for one, and refused with a reason', async () => {
  const list = async () => JSON.parse(await ok(commands.listLimits({ ...data('one'), json: true }, output)))
  const set = (name: string, value: number, of?: string) =>
    commands.setLimit({ ...data('one'), name, value, ...(of !== undefined && { of }) }, output)
  await ok(set('instances', 7))
  await ok(set('streams', 3, 'ada'))
  const found = new Map<string, unknown>((await list()).map(({ name, ...rest }: { name: string }) => [name, rest]))
  assert.deepEqual(found.get('instances'), { value: 7, exceptions: [] })
  assert.deepEqual(found.get('streams'), { value: 50, exceptions: [{ reference: 'PERS-2', value: 3 }] })
  assert.match(await ok(commands.listLimits(data('one'), output)), /^streams +3 +PERS-2$/m)
  await refused(set('instances', 7, 'ada'), /measured for each project/)
  await refused(set('cats', 7), /there is no limit cats; there are instances/)
  await refused(set('instances', 7, 'nobody'), /nobody was not found/)
  await ok(set('instances', 10_000))
})

test('a backup of a running Master is restored with its users, its authority and a new epoch', async () => {
  const first = await start('one')
  const file = join(directory, 'backup.tar')
  const { epoch } = first.parts.cloud
  const { pin } = first.parts.identity
  const { record } = await first.parts.identity.certificates.issuePair('computer', 'COMP-9')
  const revoked = await first.parts.identity.certificates.issuePair('computer', 'COMP-10')
  await first.parts.identity.certificates.revokeSubject('computer', 'COMP-10')
  await ok(commands.backupMaster({ ...data('one'), file }, output))
  await first.close()
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  await refused(commands.restoreMaster({ ...data('one'), file }, output), /holds a Master already/)
  await ok(commands.restoreMaster({ ...data('two'), file }, output))
  const second = await start('two')
  assert.notEqual(second.parts.cloud.epoch, epoch)
  assert.equal(second.parts.identity.pin, pin)
  assert.ok(second.parts.identity.certificates.find(record.fingerprint))
  assert.equal(second.parts.identity.certificates.find(revoked.record.fingerprint), undefined, 'it stays revoked')
  await second.close()
  assert.match(await ok(commands.listUsers({ ...data('two'), json: true }, output)), /"login":"ada"/)
})

test('what is no backup restores nothing', async () => {
  const file = join(directory, 'not.tar')
  await writeFile(file, 'hello')
  await refused(commands.restoreMaster({ ...data('three'), file }, output), /cannot be made or read/)
  assert.match(await ok(commands.initMaster(data('three'), output)), /prepared/)
})

test('the database of an older version is kept before it is changed, and one of a newer version is left alone', async () => {
  await ok(commands.initMaster(data('four'), output))
  const { dataDirectory } = data('four')
  assert.match(await ok(commands.upgradeMaster(data('four'), output)), /^the database is of version /)
  const state = join(dataDirectory, 'state.db')
  for (const end of ['', '-wal', '-shm']) await rm(state + end, { force: true })
  const { write } = openSqlite(state)
  const provider = { getMigrations: async () => migrations }
  await new Migrator({ db: write, provider }).migrateTo('0004-bundled-schemas')
  await write.destroy()
  const master = await start('four')
  await refused(commands.upgradeMaster(data('four'), output), /another Master runs/)
  await master.close()
  assert.equal((await stat(join(dataDirectory, 'before-upgrade.tar'))).mode & 0o777, 0o600)

  const database = new DatabaseSync(state)
  database.exec(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-future', '')`)
  database.close()
  const content = await readFile(state)
  await assert.rejects(start('four'), { code: 'DATABASE_TOO_NEW' })
  await refused(commands.upgradeMaster(data('four'), output), /newer version of the Master \(it has 9999-future\)/)
  assert.deepEqual(await readFile(state), content)
  const file = join(dataDirectory, 'before-upgrade.tar')
  await ok(commands.restoreMaster({ ...data('five'), file }, output))
  assert.match(await ok(commands.upgradeMaster(data('five'), output)), /^the database is of version \S+$/)
})

test('a Master on PostgreSQL is backed up and restored into another database', { skip: !hasPostgres() }, async () => {
  const cluster = await startPostgres()
  try {
    const [database, another] = [await cluster.database(), await cluster.database()]
    const file = join(directory, 'postgres.tar')
    await ok(commands.initMaster({ ...data('pg'), database }, output))
    await ok(commands.addUser({ ...data('pg'), database, login: 'eve', password: 'long enough 1' }, output))
    await ok(commands.backupMaster({ ...data('pg'), database, file }, output))
    await refused(commands.restoreMaster({ ...data('pg2'), file }, output), /of a Master on PostgreSQL/)
    await ok(commands.restoreMaster({ ...data('pg2'), database: another, file }, output))
    assert.match(await ok(commands.listUsers({ ...data('pg2'), database: another }, output)), /eve/)
  } finally {
    await cluster.stop()
  }
})

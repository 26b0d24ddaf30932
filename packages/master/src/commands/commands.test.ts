import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { startMaster } from '../server/start.ts'
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
  assert.match(await ok(commands.initMaster(data('one'), output)), /user: admin\npassword: \S{16}/)
  await refused(commands.initMaster(data('one'), output), /holds a Master already/)
  await refused(commands.listUsers(data('nothing'), output), /slapos master init/)
})

test('users, tokens and certificates, with and without a running Master', async () => {
  const add = (login: string) => commands.addUser({ ...data('one'), login, password: 'long enough 1' }, output)
  assert.match(await ok(add('ada')), /ada is PERS-\d+, owner of PROJ-\d+/)
  await refused(add('ada'), /taken/)
  await refused(commands.masterStatus(data('one'), output), /^$/)
  const master = await start('one')
  try {
    assert.match(await ok(commands.masterStatus(data('one'), output)), /RUNNING/)
    await ok(add('bob'))
    await refused(add('bob'), /taken/)
    assert.match(await ok(commands.listUsers(data('one'), output)), /ada[\s\S]*admin[\s\S]*bob/)
    assert.match(
      await ok(commands.createToken({ ...data('one'), login: 'ada' }, output)),
      /^\d{8}-[0-9a-f]{32}\.[0-9a-f]{32}$/,
    )
    assert.match(await ok(commands.listTokens(data('one'), output)), /computer +unused/)
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

test('a backup of a running Master is restored with its users, its authority and a new epoch', async () => {
  const first = await start('one')
  const file = join(directory, 'backup.tar')
  const { epoch } = first.parts.cloud
  const { pin } = first.parts.identity
  const { record } = await first.parts.identity.certificates.issuePair('computer', 'COMP-9')
  await ok(commands.backupMaster({ ...data('one'), file }, output))
  await first.close()
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  await refused(commands.restoreMaster({ ...data('one'), file }, output), /holds a Master already/)
  await ok(commands.restoreMaster({ ...data('two'), file }, output))
  const second = await start('two')
  assert.notEqual(second.parts.cloud.epoch, epoch)
  assert.equal(second.parts.identity.pin, pin)
  assert.ok(second.parts.identity.certificates.find(record.fingerprint))
  await second.close()
  assert.match(await ok(commands.listUsers({ ...data('two'), json: true }, output)), /"login":"ada"/)
})

test('what is no backup restores nothing', async () => {
  const file = join(directory, 'not.tar')
  await writeFile(file, 'hello')
  await refused(commands.restoreMaster({ ...data('three'), file }, output), /cannot be made or read/)
  assert.match(await ok(commands.initMaster(data('three'), output)), /prepared/)
})

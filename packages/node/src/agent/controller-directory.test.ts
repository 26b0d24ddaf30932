import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '@slapos/base'
import { ControllerServer } from '../instance/controller-server.ts'
import { SlaveJournal } from '../instance/slave-journal.ts'
import { makeControllerDirectory } from './controller-directory.ts'

const USER = { uid: 47_301, gid: 47_301 }
const skip = process.getuid?.() !== 0 && 'needs root'

test('the user of a partition reaches its controller’s socket, and can put nothing in its place', {
  skip,
}, async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'slapos-controller-'))
  t.after(() => rm(base, { recursive: true, force: true }))
  chmodSync(base, 0o755)
  const [directory, victim] = [join(base, 'controller/slappart0'), join(base, 'victim')]
  execFileSync('sh', ['-c', `echo precious > ${victim} && chmod 600 ${victim}`])
  // As an earlier agent left it: the user's own, with a link planted where the socket comes.
  mkdirSync(join(base, 'controller'), { mode: 0o711 })
  mkdirSync(directory, { mode: 0o700 })
  chownSync(directory, USER.uid, USER.gid)
  symlinkSync(victim, join(directory, 's'))
  await makeControllerDirectory(directory, { kind: 'user', ...USER, groups: [] })
  const server = new ControllerServer({
    path: join(directory, 's'),
    journal: new SlaveJournal(join(base, 'journal')),
    clock: systemClock,
    publish: async () => true,
    log: () => {},
  })
  await server.open()
  t.after(() => server.close())
  assert.equal((await stat(victim)).mode & 0o777, 0o600)
  assert.equal(await readFile(victim, 'utf8'), 'precious\n')

  const as = ({ uid, gid }: typeof USER, script: string) =>
    execFileSync('setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', 'sh', '-c', script], {
      stdio: 'pipe',
    })
  for (const attempt of ['rm s', 'mv s t', `ln -s ${victim} t`, 'ls']) {
    assert.throws(() => as(USER, `cd ${directory} && ${attempt}`), attempt)
  }
  as(USER, `test -S ${directory}/s && test -w ${directory}/s`)
  assert.throws(() => as({ uid: 47_302, gid: 47_302 }, `test -S ${directory}/s`))
  const socket = connect(join(directory, 's'))
  assert.match(String((await once(socket, 'data'))[0]), /"snapshot"/)
  socket.destroy()
})

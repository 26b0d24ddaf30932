import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type UnitOptions, unitText } from './master-unit.ts'
import { runSlapos } from './testing.ts'

const DEFAULTS: UnitOptions = {
  dataDirectory: '/var/lib/slapos-master',
  api: '0.0.0.0:5443',
  web: '0.0.0.0:443',
  user: 'root',
}

test('the unit starts the Master with the options given, and quotes them', () => {
  const options = { ...DEFAULTS, database: 'postgres://u@h/d?x=50%25', webUrl: 'https://cloud.example.org/' }
  const exec = unitText({ ...options, dataDirectory: '/srv/my cloud' }, '/opt/slapos').match(/^ExecStart=.*$/m)?.[0]
  assert.equal(
    exec,
    'ExecStart=/opt/slapos master start --data-directory "/srv/my cloud" --api 0.0.0.0:5443 --web 0.0.0.0:443 ' +
      '--database postgres://u@h/d?x=50%%25 --web-url https://cloud.example.org/',
  )
})

test('a certificate of its own and proxies of the web side are said in it', () => {
  const unit = unitText(
    { ...DEFAULTS, webCert: '/etc/ssl/m.pem', webKey: '/etc/ssl/m key.pem', trustedProxy: ['::1', '10.0.0.0/8'] },
    '/opt/slapos',
  )
  assert.match(
    unit,
    /--web-cert \/etc\/ssl\/m\.pem --web-key "\/etc\/ssl\/m key\.pem" --trusted-proxy ::1 10\.0\.0\.0\/8$/m,
  )
})

test('a password of the database is not written where everybody reads', async () => {
  const { code, out, err } = await runSlapos(['master', 'unit', '--database', 'postgres://u:hush@h/d'])
  assert.equal(code, 5)
  assert.match(err, /PGPASSWORD=\.\.\. into \/etc\/default\/slapos-master/)
  assert.ok(!(out + err).includes('hush'))
  assert.match(
    (await runSlapos(['master', 'unit', '--database', 'postgres://u@h/d'])).out,
    /--database postgres:\/\/u@h\/d/,
  )
})

test('a program or data below a home directory is reachable', () => {
  assert.match(unitText(DEFAULTS, '/opt/slapos/bin/slapos'), /^ProtectHome=yes$/m)
  assert.match(unitText(DEFAULTS, '/root/slapos/bin/slapos'), /^ProtectHome=no$/m)
  assert.match(unitText({ ...DEFAULTS, dataDirectory: '/home/ada/m' }, '/opt/slapos'), /^ProtectHome=no$/m)
  const own = { webCert: '/etc/m.pem', webKey: '/root/m.key' }
  assert.match(unitText({ ...DEFAULTS, ...own }, '/opt/slapos'), /^ProtectHome=no$/m)
})

test('systemd finds nothing wrong with it', { skip: !existsSync('/usr/bin/systemd-analyze') }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-unit-'))
  try {
    const path = join(directory, 'slapos-master.service')
    await writeFile(path, unitText(DEFAULTS, process.execPath))
    const said = execFileSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8', stdio: 'pipe' })
    assert.equal(said, '')
    const rating = execFileSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', path], {
      encoding: 'utf8',
    })
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(rating)?.[1])
    assert.ok(exposure < 3, rating.slice(-200))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

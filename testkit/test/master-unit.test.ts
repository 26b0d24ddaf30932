/** `slapos master unit --install` on a machine that boots systemd: started, restarted, there again after a power cut. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type BootedMachine, boot, bootUnavailable, createLab, type Host, type Lab } from '../src/net/index.ts'
import { until } from './command-master.ts'

// The tests of this file are one story on the same machine, told in order.
const skip = bootUnavailable() ?? false
const CHECKOUT = join(import.meta.dirname, '../..')
const PASSWORD = 'a long enough secret'
const SLAPOS = '/usr/local/bin/slapos'
const UNIT = 'slapos-master.service'

let lab: Lab
let host: Host
let visitor: Host
let machine: BootedMachine

before(async () => {
  if (skip) return
  lab = await createLab()
  ;[host, visitor] = await Promise.all([
    lab.addHost({ name: 'server', files: 'fresh', show: [CHECKOUT] }),
    lab.addHost({ name: 'visitor', files: 'machine' }),
  ])
  await placed(host)
  machine = await boot(host)
})

/** Where the guide puts the program: what lies under /tmp is nothing that a unit sees. */
async function placed(on: Host): Promise<void> {
  await on.run(['mkdir', '-p', '/opt/slapos-master', '/usr/local/bin'])
  await on.run(['mount', '--rbind', CHECKOUT, '/opt/slapos-master'])
  await on.run(['umount', '--lazy', CHECKOUT])
  await on.run(['ln', '-s', '/opt/slapos-master/packages/cli/bin/slapos', SLAPOS])
}
after(async () => {
  await machine?.powerOff()
  await lab?.close()
})

const property = async (name: string) =>
  (await machine.run(['systemctl', 'show', '--value', `--property=${name}`, UNIT])).trim()

/** What another machine is answered at the port. */
const health = async (port: number) =>
  (await visitor.exec(['curl', '-sk', '-m', '5', `https://${host.ipv4}:${port}/healthz`])).stdout
const answers = () =>
  until(
    () => health(443),
    (body) => body.includes('"status":"ok"'),
  )

test('it is refused before there is a Master, and changes nothing', { skip }, async () => {
  const early = await machine.exec([SLAPOS, 'master', 'unit', '--install'])
  assert.notEqual(early.code, 0)
  assert.match(early.stderr, /slapos master init/)
  assert.equal((await machine.exec(['id', 'slapos-master'])).code, 1)
})

test('one command makes the account, starts the Master on ports below 1024, and says where its log is', {
  skip,
}, async () => {
  const made = await machine.run([SLAPOS, 'master', 'init', '--login', 'ada', '--name', 'Ada'], {
    environment: { SLAPOS_PASSWORD: PASSWORD },
  })
  assert.match(made, /^Master prepared in \/var\/lib\/slapos-master$/m)
  const urls = ['--api-url', `https://${host.ipv4}:5443/`, '--web-url', `https://${host.ipv4}/`]
  const installed = await machine.run([SLAPOS, 'master', 'unit', '--install', ...urls])
  assert.match(installed, /the Master runs as slapos-master\. Its log: journalctl -u slapos-master\.service$/m)
  await answers()
  assert.match(await health(5443), /"status":"ok"/)
  const pid = await property('MainPID')
  assert.equal((await machine.run(['stat', '-c', '%U', `/proc/${pid}`])).trim(), 'slapos-master')
  // It may use low ports, and nothing else that root may.
  const status = await machine.run(['cat', `/proc/${pid}/status`])
  assert.match(status, /^CapEff:\t0000000000000400$/m)
  assert.match(status, /^CapBnd:\t0000000000000400$/m)
  assert.match(await machine.run([SLAPOS, 'master', 'status']), /^master {2}RUNNING/)
  assert.equal((await machine.run(['stat', '-c', '%a %U', '/var/lib/slapos-master'])).trim(), '700 slapos-master')
  // Repeated: as safe as the first time, and what it is told now holds.
  await machine.run([SLAPOS, 'master', 'unit', '--install', ...urls, '--trusted-proxy', '192.0.2.1'])
  const words = await machine.run(['cat', `/proc/${await property('MainPID')}/cmdline`])
  assert.match(words, /--trusted-proxy.192\.0\.2\.1/)
  assert.notEqual(await property('MainPID'), pid)
  const broken = await machine.exec([SLAPOS, 'master', 'unit', '--install', ...urls, '--api', '192.0.2.77:5443'])
  assert.notEqual(broken.code, 0)
  assert.match(broken.stderr, /is installed, but does not run: cannot listen on 192\.0\.2\.77:5443/)
  await machine.run([SLAPOS, 'master', 'unit', '--install', ...urls])
  await answers()
})

test('killed, it is there again', { skip }, async () => {
  const pid = await property('MainPID')
  await machine.run(['kill', '-9', pid])
  const next = await until(
    () => property('MainPID'),
    (now) => now !== '0' && now !== pid,
  )
  assert.notEqual(next, pid)
  await answers()
})

test('after a power cut it starts with the machine, and knows what it knew', { skip }, async () => {
  const { stdout: token } = await machine.exec([SLAPOS, 'master', 'token', 'create', 'ada'])
  await machine.powerOff()
  assert.equal(await health(443), '')
  machine = await boot(host)
  await answers()
  assert.match(await machine.run([SLAPOS, 'master', 'token', 'list']), /^\S+ +\S+ +computer +unused /m)
  // What it says of itself holds no secret.
  const journal = await machine.run(['journalctl', '--no-pager', '-o', 'cat'])
  assert.match(journal, /Master ready: API/)
  for (const secret of [PASSWORD, token.trim().split('.')[0] ?? '', 'PRIVATE KEY']) assert.ok(!journal.includes(secret))
  const open = ['find', '/var/lib/slapos-master', '-type', 'f', '-perm', '/077', '-not', '-name', '*.crt']
  assert.equal(await machine.run(open), '')
})

test('every administrative command of the guide works beside the service, as root', { skip }, async () => {
  const guide = await readFile(join(CHECKOUT, 'docs/operate.md'), 'utf8')
  const shown = guide
    .match(/^slapos master (user|token|limit|cert|backup).*$/gm)
    ?.filter((line) => !line.includes('--database'))
  assert.ok(shown && shown.length > 9)
  await machine.run(['mkdir', '-p', '/var/backups'])
  let output = ''
  for (const line of [...shown, 'slapos master cert renew', 'slapos master cert list']) {
    const id = /^(\S+) +\S+ +computer +unused/m.exec(output)?.[1] ?? ''
    // What the guide calls PROJ-2 is Bob's.
    output = await machine.run(['sh', '-c', line.replace(/\bID$/, id)], { environment: { SLAPOS_PASSWORD: PASSWORD } })
  }
  const listed = await machine.run([SLAPOS, 'master', 'limit', 'list'])
  assert.match(listed, /^instances +500 +PROJ-2$/m)
  assert.equal((await machine.run(['stat', '-c', '%a', '/var/backups/slapos-master.tar'])).trim(), '600')
})

test('restored on another machine under the same name, it serves the same people there', { skip }, async () => {
  const backup = await machine.run(['base64', '/var/backups/slapos-master.tar'])
  await machine.powerOff()
  await host.close()
  const { ipv4 } = host
  host = await lab.addHost({ name: 'spare', files: 'fresh', show: [CHECKOUT], ipv4 })
  await visitor.run(['ip', 'neighbour', 'flush', 'all'])
  await placed(host)
  machine = await boot(host)
  await machine.run(['sh', '-c', 'umask 077; mkdir -p /var/backups; base64 -d > /var/backups/slapos-master.tar'], {
    input: backup,
  })
  assert.match(await machine.run([SLAPOS, 'master', 'restore', '/var/backups/slapos-master.tar']), /epoch \S+ begins$/m)
  const urls = ['--api-url', `https://${ipv4}:5443/`, '--web-url', `https://${ipv4}/`]
  await machine.run([SLAPOS, 'master', 'unit', '--install', ...urls])
  await answers()
  assert.match(await machine.run([SLAPOS, 'master', 'user', 'list']), /^bob +/m)
  // As after an upgrade.
  await machine.run(['systemctl', 'restart', UNIT])
  await answers()
})

test('stopped, it ends in order', { skip }, async () => {
  await machine.run(['systemctl', 'stop', UNIT])
  assert.equal(await property('Result'), 'success')
  assert.equal(await property('ExecMainStatus'), '0')
  assert.equal((await machine.exec([SLAPOS, 'master', 'status'])).code, 1)
})

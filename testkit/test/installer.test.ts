import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { createLab, type Host, type Lab, labUnavailable } from '../src/net/index.ts'

const skip = labUnavailable() ?? false
const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

let lab: Lab
let master: Host
let bundle: string
const web = () => `http://${master.ipv4}:8080`

before(async () => {
  if (skip) return
  bundle = await mkdtemp(join(tmpdir(), 'slapos-bundle-test-'))
  await run('sh', [join(root, 'scripts/bundle'), bundle])
  lab = await createLab()
  master = await lab.addHost({ name: 'master', files: 'machine' })
  const server = master.spawn([
    process.execPath,
    join(import.meta.dirname, 'serve-install.ts'),
    bundle,
    master.ipv4,
    '8080',
  ])
  server.child.stderr?.pipe(process.stderr)
  await once(server.child.stdout ?? server.child, 'data')
})

after(async () => {
  if (skip) return
  await lab.close()
  await rm(bundle, { recursive: true })
})

/** Every path that a program could have made. */
async function filesOf(host: Host): Promise<readonly string[]> {
  const kernel = ['/proc', '/sys', '/dev'].flatMap((path) => ['-path', path, '-prune', '-o'])
  return (await host.run(['find', '/', ...kernel, '-print'])).split('\n').sort()
}

const fetchScript = (host: Host) => host.run(['wget', '-q', '-O', '/root/slapos', `${web()}/slapos`])

test('a machine without a token gets the program, by the tutorial’s questions', { skip }, async (t) => {
  const host = await lab.addHost()
  t.after(() => host.close())
  await fetchScript(host)
  const untouched = await filesOf(host)
  const first = await host.exec(['bash', '/root/slapos'], { input: '\n\n\n\n' })
  assert.equal(first.code, 0, first.stdout + first.stderr)
  for (const line of [
    `What is the url to the SlapOS Master API? [https://${master.ipv4}:5443/]: `,
    `What is the url to the SlapOS Master Website? [${web()}/]: `,
    'What is this computer name? [noname]: ',
    'If you have slapos token if you have? [notoken]: ',
  ]) {
    assert.ok(first.stdout.includes(line), line)
  }
  const stars = `PLAY RECAP ${'*'.repeat(69)}`
  assert.equal(stars.length, 80)
  assert.ok(first.stdout.includes(`\n${stars}\n`), first.stdout)
  assert.match(first.stdout, /\n127\.0\.0\.1 {18}: ok=5 {4}changed=3 {4}unreachable=0 {4}failed=0\n$/)
  assert.match(await host.run(['slapos', '--version']), /^slapos \d/)

  const again = await host.exec(['bash', '/root/slapos', '--non-interactive'])
  assert.match(again.stdout, /: ok=5 {4}changed=0 {4}unreachable=0 {4}failed=0\n$/, again.stderr)

  const removed = await host.exec(['bash', '/root/slapos', '--uninstall', '--non-interactive'])
  assert.equal(removed.code, 0, removed.stdout + removed.stderr)
  assert.deepEqual(await filesOf(host), untouched)
})

test('an interrupted download goes on; a damaged one is refused', { skip }, async (t) => {
  const host = await lab.addHost()
  t.after(() => host.close())
  await fetchScript(host)
  await host.rate(100_000)
  const cut = await host.exec(['timeout', '1.5', 'bash', '/root/slapos', '--non-interactive'])
  assert.notEqual(cut.code, 0)
  await host.rate(undefined)
  const parts = await host.run(['sh', '-c', 'cat /opt/slapos/.cache/*.part | wc -c'])
  assert.ok(Number(parts) > 0, 'what came is kept')
  const resumed = await host.exec(['bash', '/root/slapos', '--non-interactive'])
  assert.equal(resumed.code, 0, resumed.stdout + resumed.stderr)

  const other = await lab.addHost()
  t.after(() => other.close())
  await fetchScript(other)
  await other.run(['sed', '-i', "s/^agent_sum='./agent_sum='x/", '/root/slapos'])
  const refused = await other.exec(['bash', '/root/slapos', '--non-interactive'])
  assert.equal(refused.code, 1)
  assert.match(refused.stdout, /failed=1\n$/)
  assert.equal((await other.exec(['test', '-e', '/opt/slapos/current'])).code, 1)
})

test('an unsuitable machine is told why before anything happens', { skip }, async (t) => {
  const host = await lab.addHost()
  t.after(() => host.close())
  await fetchScript(host)
  const attempt = async () => {
    const { code, stderr } = await host.exec(['bash', '/root/slapos', '--non-interactive'])
    assert.equal(code, 1)
    return stderr
  }
  const release = await host.run(['cat', '/etc/os-release'])
  await host.run(['sh', '-c', 'rm /etc/os-release; printf "ID=fedora\\nVERSION_ID=42\\n" > /etc/os-release'])
  assert.match(await attempt(), /this is fedora 42: only Debian 12 and 13 are supported/)
  await host.run(['sh', '-c', 'cat > /etc/os-release'], { input: release })
  await host.run(['mount', '-t', 'tmpfs', '-o', 'size=10m', 'small', '/srv'])
  assert.match(await attempt(), /\/srv has 10 MiB free/)
  await host.run(['umount', '/srv'])
  await host.run(['sh', '-c', 'echo "MemTotal: 200000 kB" > /run/meminfo; mount --bind /run/meminfo /proc/meminfo'])
  assert.match(await attempt(), /this machine has 195 MiB of memory: a node needs 450 MiB/)
  await host.run(['umount', '/proc/meminfo'])
  for (const [program, said, refusal] of [
    ['uname', '-m) echo riscv64', /this machine is riscv64: only x86_64 and aarch64 are supported/],
    [
      'uname',
      '-r) echo 3.10.0-1160.el7',
      /the kernel of this machine is 3\.10\.0-1160\.el7: a node needs 4\.18 or newer/,
    ],
    ['dpkg', '--print-architecture) echo i386', /its packages are i386: only a pure amd64 or arm64 Debian/],
  ] as const) {
    const script = `#!/bin/sh\ncase $1 in ${said};; *) exec /usr/bin/${program} "$@";; esac\n`
    await host.run(
      ['sh', '-c', `mkdir -p /usr/local/bin; cat > /usr/local/bin/${program}; chmod 755 /usr/local/bin/${program}`],
      {
        input: script,
      },
    )
    assert.match(await attempt(), refusal)
    await host.run(['rm', `/usr/local/bin/${program}`])
  }
  const user = await host.exec(['setpriv', '--reuid=65534', 'bash', '-c', 'bash <(cat) --non-interactive'], {
    input: await host.run(['cat', '/root/slapos']),
  })
  assert.match(user.stderr, /this needs root/)
  assert.equal(await host.run(['ls', '/opt']), '')
})

/** The tutorial, "Install SlapOS Node" to "Registered Servers": what is typed there, and every line that it shows. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { createLab, type Host, type Lab, labUnavailable } from '../src/net/index.ts'
import { makeBundle } from './bundles.ts'
import { type CommandMaster, initCommandMaster, textOf, until } from './command-master.ts'

const skip = labUnavailable() ?? false

let lab: Lab
let bundle: string
let master: CommandMaster
let first: Host

before(async () => {
  if (skip) return
  bundle = await makeBundle()
  lab = await createLab()
  const [masterHost, host] = await Promise.all([lab.addHost({ name: 'master', files: 'machine' }), lab.addHost()])
  first = host
  master = await initCommandMaster(masterHost, { bundle })
  await master.start()
})

after(async () => {
  if (skip) return
  await lab.close()
  await rm(bundle, { recursive: true, force: true })
})

const newToken = async () => textOf(await master.panel('POST', '/tokens', {}), 'token')

/** Lines of the console's form, without what differs each time. */
const withoutTimes = (text: string) =>
  text
    .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ([\w.]+)\[\d+\] /gm, '2020-09-22 17:36:01 $1[20980] ')
    .split('\n')
    .filter((line) => line !== '')

/** The colour beside a server's name in the panel's list. */
async function colours(): Promise<readonly (readonly [string, string, string])[]> {
  const page = await master.panel('GET', '/servers')
  assert.ok(typeof page === 'object' && page !== null && 'items' in page && Array.isArray(page.items))
  const items: readonly unknown[] = page.items
  return items.map((item) => {
    assert.ok(typeof item === 'object' && item !== null && 'status' in item)
    return [textOf(item, 'computer'), textOf(item, 'title'), textOf(item.status, 'color')]
  })
}

test('the temporary IPv6 address may be added by hand, as it is typed there', { skip }, async () => {
  await first.run(['ip', '-6', 'addr', 'add', 'fc01::1/32', 'dev', 'lo'])
})

test('the single-line installer asks, installs, registers and formats', { skip }, async () => {
  const token = await newToken()
  // As it is typed there; the option is for a Master without a publicly trusted certificate.
  const line = `wget --quiet --no-check-certificate ${master.host.ipv4}/slapos && bash slapos`
  const typed = `${master.apiUrl}\n${master.webUrl}\nmyfirst\n${token}\n`
  const { code, stdout, stderr } = await first.exec(['bash', '-c', line], { cwd: '/root', input: typed })
  assert.equal(code, 0, stdout + stderr)
  const questions = [
    `What is the url to the SlapOS Master API? [${master.apiUrl}]: `,
    `What is the url to the SlapOS Master Website? [${master.webUrl}]: `,
    'What is this computer name? [noname]: ',
    'If you have slapos token if you have? [notoken]: ',
  ]
  assert.ok(stdout.startsWith(questions.join('')), stdout)
  assert.ok(stdout.includes(`\n\nPLAY RECAP ${'*'.repeat(69)}\n`), stdout)
  // Four columns a counter, as the program does whose output it is; the tutorial's page has lost one blank.
  assert.match(stdout, /^127\.0\.0\.1 {18}: ok=10 {3}changed=7 {4}unreachable=0 {4}failed=0$/m)
})

test('slapos node shows the watchdog', { skip }, async () => {
  const { code, stdout, stderr } = await first.exec(['slapos', 'node'])
  assert.match(stdout, /^watchdog +RUNNING +pid \d+, uptime \d+:\d\d:\d\d\n$/)
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
})

test('slapos node format --now says three lines', { skip }, async () => {
  const { code, stdout, stderr } = await first.exec(['slapos', 'node', 'format', '--now'])
  assert.deepEqual(withoutTimes(stderr), [
    '2020-09-22 17:36:01 slapos[20980] INFO Updating computer',
    `2020-09-22 17:36:01 slapos[20980] INFO Posting information to '${master.apiUrl.replace(/\/$/, '')}'`,
    '2020-09-22 17:36:01 slapos[20980] INFO slapos successfully prepared the computer.',
  ])
  assert.deepEqual({ code, stdout }, { code: 0, stdout: '' })
})

test('the server is listed, and turns green by itself', { skip }, async () => {
  await until(colours, (list) => JSON.stringify(list) === '[["COMP-0","myfirst","green"]]')
})

test('the addresses that people used to add by hand are there, and partitions have theirs', { skip }, async () => {
  const addresses = await first.run(['ip', '-6', '-o', 'address', 'show', 'dev', 'lo'])
  assert.equal(addresses.match(/ fc01::1\/32 /g)?.length, 1)
  for (const address of ['fc01::2/32', 'fc01::b/32']) assert.ok(addresses.includes(` ${address} `), addresses)
})

test('a machine registers by hand: prompts, messages, files', { skip }, async (t) => {
  const host = await lab.addHost()
  t.after(() => host.close())
  await host.run(['wget', '-q', '--no-check-certificate', '-O', '/root/slapos', `${master.webUrl}slapos`])
  const installed = await host.exec(['bash', '/root/slapos'], { input: '\n\n\n\n' })
  assert.match(installed.stdout, /^127\.0\.0\.1 {18}: ok=5 {4}changed=3 {4}unreachable=0 {4}failed=0$/m)

  const words = ['slapos', 'node', 'register', 'by-hand', '--master-url', master.apiUrl, '--master-url-web']
  const register = (input: string) => host.exec([...words, master.webUrl], { input })
  const nobody = await register('')
  assert.equal(nobody.code, 1)
  assert.match(nobody.stderr, /there is no token.*SLAPOS_TOKEN/)
  const wrong = await register(`${'2'.repeat(8)}-${'0'.repeat(32)}\n`)
  assert.deepEqual(
    { code: wrong.code, stderr: wrong.stderr },
    {
      code: 1,
      stderr:
        'slapos: Access denied to the SlapOS Master. Please check the authentication token or require a new one.\n',
    },
  )

  const done = await register(`\n${await newToken()}\n`)
  assert.equal(done.stdout, 'Computer security token: Computer security token: ')
  assert.deepEqual(
    withoutTimes(done.stderr).map((text) => text.replace('2020-09-22 17:36:01 slapos[20980] ', '')),
    [
      'INFO Creating directory: /etc/opt/slapos',
      'INFO Creating directory: /etc/opt/slapos/ssl',
      "INFO Copying to '/etc/opt/slapos/ssl/key', and setting minimum privileges",
      "INFO Copying to '/etc/opt/slapos/ssl/certificate', and setting minimum privileges",
      'INFO Creating directory: /etc/opt/slapos/ssl/partition_pki',
      'INFO SlapOS configuration written to /etc/opt/slapos/slapos.cfg',
      'INFO Node has successfully been configured as COMP-1.',
      'INFO Now please invoke slapos node boot on your site.',
    ],
  )
  assert.equal(done.code, 0)
  const modes = ['stat', '-c', '%a %U', '/etc/opt/slapos/ssl/key', '/etc/opt/slapos/ssl/certificate']
  assert.equal(await host.run(modes), '600 root\n600 root\n')
  assert.equal(await host.run(['stat', '-c', '%a', '/etc/opt/slapos/slapos.cfg']), '644\n')

  // Nobody typed an address here: the program takes one, and says beforehand that it would.
  const plan = await host.exec(['slapos', 'node', 'format', '--now', '--dry-run'])
  assert.match(plan.stdout, /^ {2}COMP-1 +address fc01::1\/32 on lo$/m)
  assert.match(plan.stdout, /^ {2}slappart9 +user slapuser9, addresses 10\.0\.0\.11\/32 and fc01::b\/32 on lo, /m)
  assert.equal((await host.exec(['ls', '/srv/slapgrid'])).code, 2)
  assert.doesNotMatch(await host.run(['ip', '-6', '-o', 'address', 'show', 'dev', 'lo']), /fc01/)

  const formatted = await host.exec(['slapos', 'node', 'format', '--now'])
  assert.equal(formatted.code, 0)
  assert.deepEqual(withoutTimes(formatted.stderr).slice(0, 3), [
    "2020-09-22 17:36:01 slapos[20980] WARNING Creating new computer data with id 'COMP-1'",
    '2020-09-22 17:36:01 slapos[20980] INFO Adding 10 new partitions',
    '2020-09-22 17:36:01 slapos[20980] INFO Updating computer',
  ])

  // The name stays taken while its certificate serves; under another one the former configuration is set aside.
  const same = await register(`${await newToken()}\n`)
  assert.match(same.stderr, /^slapos: The node name "by-hand" is already in use\. /)
  const other = words.map((word) => (word === 'by-hand' ? 'another' : word))
  const again = await host.exec([...other, master.webUrl], { environment: { SLAPOS_TOKEN: await newToken() } })
  assert.match(
    again.stderr,
    /INFO Former slapos configuration detected in \/etc\/opt\/slapos moving to \/etc\/opt\/slapos\.old\n/,
  )
  assert.match(again.stderr, /configured as COMP-2\.\n/)
})

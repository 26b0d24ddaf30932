/** The life of services, releases, trees and slaves, through the command line only, as a user has it. */
import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { helloworld, makeCloud, postgres, type TestCloud } from './cloud.ts'
import { eventually, page } from './eventually.ts'
import { instanceOf, writeRelease } from './releases.ts'

let cloud: TestCloud
before(async () => {
  cloud = await makeCloud()
  await cloud.up('--no-demo')
})
after(() => cloud?.end())

/** Requests until it is there and publishes that key; answers its value. */
const published = (key: string, ...words: readonly string[]) =>
  eventually(`${key} of ${words[0]}`, async () => {
    const { out } = await cloud.slapos('request', ...words, '--json')
    const value: unknown = out === '' ? undefined : JSON.parse(out).connection[key]
    return typeof value === 'string' ? value : undefined
  })
const why = (title: string) => cloud.ok('why', title).then((text) => text.replaceAll(/\s+/g, ' '))
const greeters = async () =>
  Object.values(await cloud.services()).filter(({ title, state }) => /:greeter/.test(title) && state === 'RUNNING')

test('without the release a request waits and says what is missing where; supplied, it goes on by itself', async () => {
  const { code, err } = await cloud.slapos('request', 'web', helloworld, '--parameters', 'message=One')
  assert.equal(code, 2)
  assert.match(err, /slapos why web/)
  assert.match(
    await why('web'),
    /waiting for a place for (a moment|\d+ seconds): .*COMP-0 lacks helloworld 1\.0\.0.*Supply/,
  )
  await cloud.ok('supply', helloworld, 'COMP-0')
  const url = await published('url', 'web', helloworld, '--parameters', 'message=One')
  await eventually('the page', async () => (await page(url)) === 'One\n')
  await eventually('green', async () => /There is nothing to do/.test(await why('web')))
  await cloud.slapos('request', 'database', postgres)
  assert.match(await why('database'), /COMP-0 lacks postgres 1\.0\.0/)
  await cloud.slapos('request', 'database', postgres, '--state', 'destroyed')
})

test('a new message changes the page and no pid; a new port moves the service', async () => {
  const url = await published('url', 'web', helloworld, '--parameters', 'message=One')
  const [before] = await greeters()
  await cloud.ok('request', 'web', helloworld, '--parameters', 'message=Two')
  await eventually('the new page', async () => (await page(url)) === 'Two\n')
  assert.equal((await greeters())[0]?.pid, before?.pid)
  await cloud.ok('request', 'web', helloworld, '--parameters', 'message=Two', 'port=8081')
  await eventually('the new port', async () => (await page(url.replace(':8080', ':8081'))) === 'Two\n')
  assert.notEqual((await greeters())[0]?.pid, before?.pid)
  await cloud.ok('request', 'web', helloworld, '--parameters', 'message=Two')
  await eventually('the old port', async () => (await page(url)) === 'Two\n')
})

test('stop ends its process, start brings it back', async () => {
  const words = ['web', helloworld, '--parameters', 'message=Two']
  const url = await published('url', ...words)
  await cloud.ok('request', ...words, '--state', 'stopped')
  await eventually('stopped', async () => (await greeters()).length === 0)
  await assert.rejects(page(url))
  await cloud.ok('request', ...words)
  await eventually('back', async () => (await page(url)) === 'Two\n')
})

test('a slave is served under its path by the resident controller, and is gone when destroyed', async () => {
  const [before] = await greeters()
  const words = ['salut', helloworld, '--slave', '--parameters', 'message=Salut', 'path=salut']
  const url = await published('url', ...words)
  assert.match(url, /\/salut$/)
  await eventually('the greeting', async () => (await page(url)) === 'Salut\n')
  await cloud.slapos('request', ...words, '--state', 'destroyed')
  await eventually('no greeting', async () => (await page(url)) === 'No greeting here.\n')
  assert.equal((await greeters())[0]?.pid, before?.pid, 'the host was not restarted')
})

test('a tree: the child comes, is shown, and goes with its root', async () => {
  const words = ['tree', helloworld, '--parameters', 'child=true']
  const child = await published('child-url', ...words)
  await eventually('the child', async () => /Hello from the child|Hello/.test(await page(child)))
  const before = (await greeters()).length
  assert.equal(before, 3)
  await cloud.slapos('request', ...words, '--state', 'destroyed')
  await eventually('both gone', async () => (await greeters()).length === 1)
  await assert.rejects(page(child))
})

test('destroyed: no process, no file, its partition is free; then the release can go', async () => {
  await cloud.slapos('request', 'web', helloworld, '--state', 'destroyed')
  await eventually('no process', async () => (await greeters()).length === 0)
  // As one that was never used: what `node format` put there stays.
  const files = async (partition: string) => String(await readdir(join(cloud.partitions, partition)))
  const unused = await files('slappart9')
  for (const used of ['slappart0', 'slappart1', 'slappart2'])
    await eventually(`no file in ${used}`, async () => (await files(used)) === unused)
  await eventually('a free partition', async () => /: 0 of 10/.test(await cloud.ok('computer', 'info', 'COMP-0')))
  assert.deepEqual(await cloud.json('service', 'list'), [])
  assert.notDeepEqual(await releases(), [])
  await cloud.ok('remove', helloworld, 'COMP-0')
  await eventually('no release', async () => (await releases()).length === 0)
})

test('why: no host for a slave, a build that goes on, a build that failed', async () => {
  const gate = join(cloud.root, 'gate')
  await cloud.slapos('request', 'lonely', helloworld, '--slave')
  assert.match(await why('lonely'), /waiting for a place for (a moment|\d+ seconds): /)
  await cloud.slapos('request', 'lonely', helloworld, '--slave', '--state', 'destroyed')
  const instance = instanceOf(`instance.service('sleeper', { command: ['/bin/sleep', '1000'] })`)
  const run = (script: string) => [{ type: 'run', command: ['/bin/sh', '-c', script] }]
  const slow = await writeRelease(cloud.root, 'slow', {
    instance,
    build: run(`until [ -e ${gate} ]; do sleep 0.1; done`),
  })
  const broken = await writeRelease(cloud.root, 'broken', { instance, build: run('echo it cannot be; exit 7') })
  await cloud.ok('supply', slow, 'COMP-0')
  await cloud.ok('supply', broken, 'COMP-0')
  await cloud.slapos('request', 'patient', slow)
  await cloud.slapos('request', 'never', broken)
  await eventually('it builds', async () => /being built/.test(await why('patient')))
  await eventually('the reason', async () => /fail|code 7/i.test(await why('never')))
  await writeFile(gate, '')
  await eventually('built', async () => /There is nothing to do/.test(await why('patient')))
  for (const [title, release] of [
    ['patient', slow],
    ['never', broken],
  ] as const)
    await cloud.slapos('request', title, release, '--state', 'destroyed')
})

test('wrong input: one line that says what is wrong; exit 5 for the command line, 1 for what the cloud refuses', async () => {
  const cases: readonly (readonly [readonly string[], RegExp, number])[] = [
    [
      ['request', 'x', helloworld, '--state', 'foo'],
      /'foo' is invalid\. Allowed choices are started, stopped, destroyed/,
      5,
    ],
    [['request', 'x', helloworld, '--parameters', 'foo'], /--parameters expects key=value, got 'foo'/, 5],
    [['request', 'x', helloworld, '--node', 'bogus=1'], /placement key bogus does not exist/, 1],
    [['supply', 'nothing', 'COMP-0'], /the catalogue has no product 'nothing'/, 1],
    [['supply', helloworld, 'COMP-9'], /COMP-9 was not found/, 1],
    [['request', 'x'], /missing required argument/, 5],
  ]
  for (const [words, text, expected] of cases) {
    const { code, out, err } = await cloud.slapos(...words)
    assert.equal(code, expected, `${words.join(' ')}: ${err}`)
    assert.equal(out, '')
    assert.match(err, text)
    assert.doesNotMatch(err, /\n\s+at /, 'no stack')
  }
  for (const words of [
    ['why', 'nothing'],
    ['service', 'info', 'nothing'],
    ['computer', 'info', 'COMP-9'],
  ])
    assert.equal((await cloud.slapos(...words)).code, 2, words.join(' '))
  assert.equal((await cloud.slapos('node', 'status', 'nothing')).code, 4)
})

const releases = async () => (await readdir(cloud.software)).filter((name) => /^[0-9a-f]{32}$/.test(name))

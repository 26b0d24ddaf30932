import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { silentLogger } from '@slapos/base'
import { runInstance } from '@slapos/release'
import { removeTree } from '@slapos/testkit/remove-tree.ts'
import type { Builder, BuilderOptions, BuildProgress } from './builder.ts'
import { createBuilder } from './create-builder.ts'

let root: string
let softwareRoot: string
let runtimeRoot: string
let count = 0

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'slapos-build-'))
  runtimeRoot = join(root, 'runtime')
})
beforeEach(async () => {
  softwareRoot = join(root, `software-${count++}`)
  await mkdir(softwareRoot)
})
after(async () => {
  await removeTree(root)
})

const builder = (options: Partial<BuilderOptions> = {}): Builder =>
  createBuilder({ softwareRoot, runtimeRoot, log: silentLogger, localSources: true, minFreeBytes: 0, ...options })

/** A release whose build is these steps. */
async function release(build: readonly object[], files: Readonly<Record<string, string>> = {}): Promise<string> {
  const directory = await mkdtemp(join(root, 'release-'))
  const manifest = {
    format: 1,
    name: 'test',
    version: '1.0.0',
    title: 'Test',
    build,
    'software-type': { default: { title: 'Default', request: 'schema.json', response: 'schema.json' } },
  }
  const all = {
    'release.json': JSON.stringify(manifest),
    'schema.json': '{"type":"object"}',
    'instance.ts': `import { defineInstance } from '@slapos/release'
      export default defineInstance({ default(instance) { instance.publish({ hello: 'world' }) } })`,
    ...files,
  }
  for (const [name, content] of Object.entries(all)) await writeFile(join(directory, name), content)
  return directory
}

const shell = (script: string) => ({ type: 'run', command: ['/bin/sh', '-c', script] })

test('a directory is built into its md5, complete, read-only, with its SDK and its Node.js', async () => {
  const url = pathToFileURL(await release([shell('echo made > product; umask > mask')])).href
  const progress: BuildProgress[] = []
  const one = builder({ onProgress: (step) => progress.push(step) })
  assert.deepEqual(await one.state(url), { kind: 'absent' })
  const directory = join(softwareRoot, createHash('md5').update(url).digest('hex'))
  assert.deepEqual(await one.build(url), { kind: 'available', directory, built: true })

  assert.equal(await readFile(join(directory, 'product'), 'utf8'), 'made\n')
  assert.equal(await readFile(join(directory, 'mask'), 'utf8'), '0027\n')
  assert.match(
    await readFile(join(directory, '.completed'), 'utf8'),
    /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
  )
  assert.equal((await stat(join(directory, 'product'))).mode & 0o777, 0o444)
  assert.deepEqual([...new Set(progress.map((step) => step.phase))], ['fetch', 'run', 'seal', 'available'])
  assert.match(await readFile(one.logFile(url), 'utf8'), /^\+ \/bin\/sh -c echo made/)

  const state = await one.state(url)
  assert.equal(state.kind, 'available')
  const node = state.kind === 'available' ? state.build.node : ''
  assert.match(node, /\/runtime\/node-v[\d.]+-[0-9a-f]{12}\/bin\/node$/)
  const input = {
    format: 1 as const,
    title: 't',
    rootTitle: 't',
    guid: 'SOFTINST-1',
    computer: 'COMP-0',
    partition: 'slappart0',
    softwareType: 'default',
    state: 'started' as const,
    parameters: {},
    ipv4: '127.0.0.2',
    ipv6: null,
    paths: { partition: '/p', release: directory, node },
    slaves: [],
    children: {},
    seed: '00'.repeat(32),
  }
  assert.deepEqual((await runInstance({ releaseDirectory: directory, input, node })).publish, { hello: 'world' })

  assert.deepEqual(await one.build(url), { kind: 'available', directory, built: false })
  await one.remove(url)
  assert.equal(existsSync(directory), false)
  assert.deepEqual(await one.state(url), { kind: 'absent' })
})

test('a failed build leaves nothing, says why, and waits longer each time, also after a restart', async () => {
  const url = await release([shell('echo about to break; exit 3')])
  const outcome = await builder().build(url)
  assert.equal(outcome.kind, 'failed')
  if (outcome.kind !== 'failed') return
  assert.match(outcome.message, /step 1\/1 \(run\) failed: \/bin\/sh -c .* ended with exit code 3/)
  assert.match(outcome.log, /about to break/)
  assert.deepEqual(
    (await readdir(softwareRoot)).filter((name) => !['.state', '.log'].includes(name)),
    [],
  )

  const later = builder()
  const waiting = await later.build(url)
  assert.equal(waiting.kind, 'waiting')
  const state = await later.state(url)
  assert.ok(state.kind === 'failed' && state.failures === 1 && state.retryInMs > 0)
  assert.equal((await later.build(url, { force: true })).kind, 'failed')
  const again = await later.state(url)
  assert.ok(again.kind === 'failed' && again.failures === 2)
})

test('one failure does not stop another; a second call joins the first; the bound holds', async () => {
  const file = join(root, `running-${count}`)
  const body = `echo x >> ${file}; [ $(wc -l < ${file}) -le 2 ] || exit 9; sleep 0.2; sed -i 1d ${file}`
  const [broken, ...good] = await Promise.all([
    release([shell('exit 1')]),
    ...[1, 2, 3].map(() => release([shell(body)])),
  ])
  const one = builder({ parallel: 2 })
  const [bad, ...rest] = await Promise.all([broken, ...good].map((url) => one.build(url)))
  const joined = await Promise.all([one.build(good[0] ?? ''), one.build(good[0] ?? '')])
  assert.equal(bad?.kind, 'failed')
  assert.deepEqual(
    rest.map((outcome) => outcome.kind),
    ['available', 'available', 'available'],
  )
  assert.deepEqual(
    joined.map((outcome) => outcome.kind),
    ['available', 'available'],
  )
})

test('removal cancels a running build with everything that it started', async () => {
  const url = await release([shell('(setsid sleep 1000 &) ; echo started; sleep 1000')])
  const started = Promise.withResolvers<void>()
  const one = builder({ onProgress: ({ lines }) => void (lines.includes('started') && started.resolve()) })
  const outcome = one.build(url)
  await started.promise
  assert.notDeepEqual(processesIn(softwareRoot), [])
  await one.remove(url)
  assert.deepEqual(await outcome, { kind: 'cancelled' })
  await nothingRunsIn(softwareRoot)
  assert.deepEqual(await readdir(softwareRoot).then((names) => names.filter((name) => !name.startsWith('.'))), [])
})

test('the environment of a build is an allow-list', async () => {
  process.env['SLAPOS_TEST_SECRET'] = 'leak'
  const url = await release([shell('env > environment')])
  const one = builder()
  await one.build(url)
  delete process.env['SLAPOS_TEST_SECRET']
  const environment = await readFile(join(one.directory(url), 'environment'), 'utf8')
  assert.doesNotMatch(environment, /leak/)
  assert.match(environment, new RegExp(`^SLAPOS_RELEASE=${one.directory(url)}$`, 'm'))
})

test('an archive needs its digest, and is refused when it is another', async () => {
  const directory = await release([])
  const archive = join(root, 'release.tgz')
  execFileSync('tar', ['-czf', archive, '-C', directory, '.'])
  const sha256 = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex')
  const one = builder()
  const good = `${pathToFileURL(archive).href}#sha256=${sha256}`
  assert.equal((await one.build(good)).kind, 'available')
  const wrong = await one.build(`${pathToFileURL(archive).href}#sha256=${'0'.repeat(64)}`)
  assert.match(wrong.kind === 'failed' ? wrong.message : '', /its SHA-256 is .*, not 0000/)
  const none = await one.build(pathToFileURL(archive).href)
  assert.match(none.kind === 'failed' ? none.message : '', /does not end in #sha256=/)
  const remote = await builder({ localSources: false }).build(good.replace('release.tgz', 'other.tgz'))
  assert.match(remote.kind === 'failed' ? remote.message : '', /local mode only/)
})

test('url, git and run steps', async () => {
  const repository = await mkdtemp(join(root, 'git-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@invalid', ...args], {
      encoding: 'utf8',
    })
  git('init', '--quiet')
  await writeFile(join(repository, 'file'), 'versioned')
  git('add', '.')
  git('commit', '--quiet', '-m', 'one')
  const commit = git('rev-parse', 'HEAD').trim()
  const download = join(root, 'download')
  await writeFile(download, 'downloaded')
  const sha256 = createHash('sha256').update('downloaded').digest('hex')
  const url = await release([
    { type: 'url', url: pathToFileURL(download).href, sha256, into: 'parts/download' },
    { type: 'git', url: pathToFileURL(repository).href, commit, into: 'parts/git' },
    shell('cat parts/download parts/git/file > both'),
  ])
  const one = builder()
  const outcome = await one.build(url)
  assert.equal(outcome.kind, 'available', JSON.stringify(outcome))
  assert.equal(await readFile(join(one.directory(url), 'both'), 'utf8'), 'downloadedversioned')
  assert.equal(existsSync(join(one.directory(url), 'parts/git/.git')), false)
})

test('not enough space is said in numbers', async () => {
  const outcome = await builder({ minFreeBytes: 900 * 1024 ** 4 }).build(await release([]))
  assert.match(
    outcome.kind === 'failed' ? outcome.message : '',
    /^Not enough space for .*: available [\d.]+ [GMT]B, required 900\.0 TB \(option 'software_min_free_space'\)/,
  )
})

test('a build that is killed half way is not there for the next agent', { timeout: 240_000 }, async () => {
  const url = await release([shell('echo started; sleep 1000')])
  const script = `import { createBuilder } from ${JSON.stringify(join(import.meta.dirname, 'create-builder.ts'))}
    const log = { debug() {}, info() {}, warning() {}, error() {} }
    const options = ${JSON.stringify({ softwareRoot, runtimeRoot, localSources: true, minFreeBytes: 0 })}
    createBuilder({ ...options, log, onProgress: p => { if (p.lines.includes('started')) console.log('started') } }).build(${JSON.stringify(url)})`
  const agent = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => agent.stdout.once('data', resolve))
  agent.kill('SIGKILL')
  await new Promise((resolve) => agent.once('exit', resolve))
  const one = builder()
  assert.deepEqual(await one.state(url), { kind: 'absent' })
  await nothingRunsIn(softwareRoot)
})

function processesIn(folder: string): readonly number[] {
  const listed = execFileSync('sh', ['-c', `ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -F ${folder}/ || true`], {
    encoding: 'utf8',
  })
  return [...listed.matchAll(/\/proc\/(\d+)\/cwd/g)].map((match) => Number(match[1]))
}

async function nothingRunsIn(folder: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (processesIn(folder).length > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(processesIn(folder), [])
}

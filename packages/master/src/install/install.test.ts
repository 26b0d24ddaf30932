import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fastify from 'fastify'
import { createInstaller, installSurface, oneLiner, renderInstaller } from './index.ts'
import { parseRange } from './send-file.ts'

const content = 'not really an archive'
const sha256 = createHash('sha256').update(content).digest('hex')
const addresses = () => ({ apiUrl: 'https://m.example:5443', webUrl: 'https://m.example/' })
const manifest = {
  format: 1,
  version: '1.2.3',
  artefacts: [
    { kind: 'agent', file: 'slapos-1.2.3.tgz', version: '1.2.3', size: content.length, sha256 },
    { kind: 'node', file: 'node-x64.gz', version: 'v1', arch: 'x64', size: 5, sha256, binarySha256: sha256 },
  ],
} as const

async function served(t: TestContext, value: unknown = manifest) {
  const bundleDirectory = await mkdtemp(join(tmpdir(), 'slapos-install-'))
  await writeFile(join(bundleDirectory, 'slapos-1.2.3.tgz'), content)
  if (value !== undefined) await writeFile(join(bundleDirectory, 'manifest.json'), JSON.stringify(value))
  const app = fastify()
  await app.register(installSurface, { bundleDirectory, addresses })
  t.after(async () => {
    await app.close()
    await rm(bundleDirectory, { recursive: true })
  })
  return { app, bundleDirectory }
}

test('the script is for this Master, and the line to copy has its sum', async (t) => {
  const { app, bundleDirectory } = await served(t)
  const { body } = await app.inject('/slapos')
  assert.equal((await app.inject('/install/slapos')).body, body)
  assert.match(body, /^default_master_url='https:\/\/m\.example:5443\/'$/m)
  assert.match(body, /^default_master_url_web='https:\/\/m\.example\/'$/m)
  assert.match(body, new RegExp(`^agent_sum='${sha256}'$`, 'm'))
  assert.match(body, /^node_arm64_sum=''$/m)
  assert.doesNotMatch(body, /@[A-Z0-9_]+@/)
  const sum = createHash('sha256').update(body).digest('hex')
  const installer = await createInstaller({ bundleDirectory, addresses })
  assert.equal(
    installer.joinCommand({ token: '2026-ab.cd', title: "Ada's box", ...addresses() }),
    'wget --no-check-certificate -O slapos https://m.example/slapos && ' +
      `echo "${sum}  slapos" | sha256sum -c && SLAPOS_TOKEN=2026-ab.cd SLAPOS_NAME='Ada'\\''s box' bash slapos`,
  )
})

test('artefacts are served by their sum, whole and in part', async (t) => {
  const { app } = await served(t)
  const url = `/install/bundle/${sha256}/slapos-1.2.3.tgz`
  const whole = await app.inject(url)
  assert.equal(whole.body, content)
  assert.equal(whole.headers['etag'], `"${sha256}"`)
  const rest = await app.inject({ url, headers: { range: 'bytes=4-', 'if-range': `"${sha256}"` } })
  assert.equal(rest.statusCode, 206)
  assert.equal(rest.body, content.slice(4))
  assert.equal(rest.headers['content-range'], `bytes 4-${content.length - 1}/${content.length}`)
  assert.equal((await app.inject({ url, headers: { range: 'bytes=4-', 'if-range': '"other"' } })).statusCode, 200)
  assert.equal((await app.inject({ url, headers: { range: 'bytes=999-' } })).statusCode, 416)
  assert.equal((await app.inject({ url, headers: { 'if-none-match': `"${sha256}"` } })).statusCode, 304)
  for (const other of [
    `/install/bundle/${'0'.repeat(64)}/slapos-1.2.3.tgz`,
    `/install/bundle/${sha256}/..%2fmanifest.json`,
  ]) {
    assert.equal((await app.inject(other)).statusCode, 404, other)
  }
})

test('ranges', () => {
  assert.deepEqual(parseRange('bytes=0-0', 10), { start: 0, end: 0 })
  assert.deepEqual(parseRange('bytes=-3', 10), { start: 7, end: 9 })
  assert.deepEqual(parseRange('bytes=5-99', 10), { start: 5, end: 9 })
  assert.equal(parseRange('bytes=-0', 10), 'unsatisfiable')
  for (const ignored of [undefined, 'bytes=-', 'bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2']) {
    assert.equal(parseRange(ignored, 10), undefined)
  }
})

test('nothing dangerous gets into the script', async (t) => {
  assert.throws(() => renderInstaller({ apiUrl: "https://m/'; reboot '", webUrl: 'https://m/' }, bundleOf()))
  const hostile = { ...manifest, version: '1', artefacts: [{ ...manifest.artefacts[0], file: "../x';reboot" }] }
  const { app } = await served(t, hostile)
  assert.equal((await app.inject('/slapos')).statusCode, 500)
  assert.equal(
    oneLiner({ webUrl: 'https://m', sha256, publiclyTrusted: true }),
    'wget -O slapos https://m/slapos && bash slapos',
  )
})

const bundleOf = () => ({ ...manifest, directory: '/nowhere' })

test('without a bundle the Master says what to do', async (t) => {
  const bundleDirectory = await mkdtemp(join(tmpdir(), 'slapos-install-'))
  t.after(() => rm(bundleDirectory, { recursive: true }))
  const app = fastify()
  t.after(() => app.close())
  const installer = await createInstaller({ bundleDirectory, addresses })
  await installer.install(app)
  const answer = await app.inject('/slapos')
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, /scripts\/bundle|nothing to install/)
  assert.match(installer.joinCommand({ token: 't', title: '', ...addresses() }), /^# /)
})

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import type { MasterLink } from '../link/link.ts'
import { offlineLink } from '../link/offline-link.ts'
import { ok } from '../link/outcome.ts'
import { finishRenewal, renewalDue, renewCertificate } from './renewal.ts'

const DAY = 86_400_000

describe('renewal of the certificate of a node', () => {
  const directory = mkdtempSync(join(tmpdir(), 'renewal-'))
  after(() => rmSync(directory, { recursive: true, force: true }))
  const file = (name: string) => join(directory, name)
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { stdio: 'pipe' })
  const config = { computerId: 'COMP-1', keyFile: file('key'), certFile: file('certificate'), caFile: file('ca.crt') }
  const own = (...algorithm: readonly string[]) =>
    openssl(
      ...['req', '-x509', '-newkey', ...algorithm, '-nodes', '-days', '100', '-subj', '/CN=COMP-1'],
      ...['-keyout', config.keyFile, '-out', config.certFile],
    )
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '900'],
    ...['-subj', '/CN=Authority', '-keyout', file('ca.key'), '-out', file('ca.pem')],
  )
  let asked = 0
  /** A Master that signs, as ours does. */
  const signing: MasterLink = {
    ...offlineLink('https://master/', { kind: 'unreachable', reason: '' }),
    renewCertificate: async (csr) => {
      asked++
      writeFileSync(file('csr'), csr)
      openssl(
        ...['x509', '-req', '-in', file('csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-days', '400'],
        ...['-out', file('signed')],
      )
      return ok({ certificate: readFileSync(file('signed'), 'utf8'), ca: readFileSync(file('ca.pem'), 'utf8') })
    },
  }
  const certificate = () => new X509Certificate(readFileSync(config.certFile))
  const fits = () => certificate().checkPrivateKey(createPrivateKey(readFileSync(config.keyFile)))
  beforeEach(() => {
    asked = 0
    own('ec', '-pkeyopt', 'ec_paramgen_curve:P-256')
  })

  it('is due after half of its life', () => {
    const text = readFileSync(config.certFile, 'utf8')
    assert.equal(renewalDue(text, Date.now() + 49 * DAY), false)
    assert.equal(renewalDue(text, Date.now() + 51 * DAY), true)
  })

  it('asks nothing before, and keeps the key', async () => {
    const key = readFileSync(config.keyFile, 'utf8')
    assert.deepEqual(await renewCertificate(config, signing, Date.now()), ok(false))
    assert.equal(asked, 0)
    assert.deepEqual(await renewCertificate(config, signing, Date.now() + 60 * DAY), ok(true))
    assert.ok(fits() && certificate().validToDate.getTime() > Date.now() + 399 * DAY)
    assert.equal(readFileSync(config.keyFile, 'utf8'), key)
    assert.equal(readFileSync(config.caFile, 'utf8'), readFileSync(file('ca.pem'), 'utf8'))
  })

  it('replaces a key that the Master made', async () => {
    own('rsa:2048')
    assert.deepEqual(await renewCertificate(config, signing, Date.now() + 60 * DAY), ok(true))
    assert.equal(createPrivateKey(readFileSync(config.keyFile)).asymmetricKeyType, 'ec')
    assert.ok(fits() && !existsSync(`${config.certFile}.new`))
  })

  it('is completed after a crash between key and certificate', async () => {
    const [key, text] = [readFileSync(config.keyFile), readFileSync(config.certFile)]
    own('rsa:2048')
    writeFileSync(`${config.certFile}.new`, text)
    writeFileSync(config.keyFile, key) // the first rename was made
    await finishRenewal(config)
    assert.ok(fits() && !existsSync(`${config.certFile}.new`))
  })

  it('keeps what it has when the answer is for another key, or does not come', async () => {
    const before = readFileSync(config.certFile, 'utf8')
    const foreign: MasterLink = {
      ...signing,
      renewCertificate: async () => ok({ certificate: readFileSync(file('ca.pem'), 'utf8'), ca: '' }),
    }
    const late = Date.now() + 60 * DAY
    const refused = await renewCertificate(config, foreign, late)
    assert.ok(refused.kind === 'failed' && /not for the key of this node/.test(refused.reason))
    const { renewCertificate: _, ...classic } = signing
    assert.deepEqual(await renewCertificate(config, classic, late), ok(false))
    assert.equal(readFileSync(config.certFile, 'utf8'), before)
  })
})

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { download } from './download.ts'

const CONTENT = 'what was published'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('downloads over TLS', () => {
  let root = ''
  let secure: Server
  let plain: Server
  let base = ''
  const trusted = getCACertificates('default')
  const said: string[] = []
  const get = (path: string, hash = sha256(CONTENT)) =>
    download(
      {
        cache: join(root, 'cache'),
        signal: new AbortController().signal,
        say: (line) => said.push(line),
        localSources: false,
      },
      `${base}${path}`,
      hash,
    )
  const kept = () => readdir(join(root, 'cache/sha256')).catch(() => [])
  const portOf = (server: Server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'download-'))
    const [key, certificate] = [join(root, 'key.pem'), join(root, 'certificate.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    const args = ['req', '-x509', ...fresh, ...subject, '-keyout', key, '-out', certificate]
    execFileSync('openssl', args, { stdio: 'pipe' })
    plain = createHttpServer((_request, response) => response.end(CONTENT)).listen(0, 'localhost')
    await once(plain, 'listening')
    const identity = { key: await readFile(key), cert: await readFile(certificate) }
    secure = createServer(identity, (request, response) => {
      const target = { '/moved': '/file', '/insecure': `http://localhost:${portOf(plain)}/file` }[request.url ?? '']
      if (target !== undefined) response.writeHead(302, { location: target }).end()
      else if (request.url === '/file') response.end(CONTENT)
      else response.writeHead(404).end()
    }).listen(0, 'localhost')
    await once(secure, 'listening')
    base = `https://localhost:${portOf(secure)}`
  })
  after(async () => {
    setDefaultCACertificates(trusted)
    secure.close()
    plain.close()
    await rm(root, { recursive: true, force: true })
  })

  it('a server of an unknown authority is refused, with the reason', async () => {
    await assert.rejects(get('/file'), { code: 'BUILD_DOWNLOAD', message: /self-signed|certificate/ })
  })

  it('a file with another hash than promised is refused, and nothing of it stays', async () => {
    setDefaultCACertificates([...trusted, await readFile(join(root, 'certificate.pem'), 'utf8')])
    await assert.rejects(get('/file', sha256('another')), { code: 'BUILD_HASH' })
    assert.deepEqual(await kept(), [])
  })

  it('a redirection to http, a missing file and an http address are refused', async () => {
    await assert.rejects(get('/insecure'), { code: 'BUILD_DOWNLOAD', message: /redirected to http:/ })
    await assert.rejects(get('/absent'), { code: 'BUILD_DOWNLOAD', message: /answered 404/ })
    const secureBase = base
    base = `http://localhost:${portOf(plain)}`
    await assert.rejects(get('/file'), { code: 'BUILD_DOWNLOAD', message: /http: is not allowed here/ })
    base = secureBase
    assert.deepEqual(await kept(), [])
  })

  it('a redirection to https is followed, and what is known is not fetched again', async () => {
    const path = await get('/moved')
    assert.equal(await readFile(path, 'utf8'), CONTENT)
    const downloads = said.length
    assert.equal(await get('/moved'), path)
    assert.equal(said.length, downloads)
  })
})

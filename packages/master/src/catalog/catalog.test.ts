import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import { inWorld, SYSTEM } from '../domain/testing/world.ts'
import { openCatalogue } from './cases.ts'
import { createFetcher } from './fetch.ts'

stopClusterAfterTests()

const manifest = (version: string) =>
  JSON.stringify({
    format: 1,
    name: 'hello',
    version,
    title: 'Hello',
    build: [],
    'software-type': {
      slave: {
        title: 'Greeting',
        request: 'slave.json',
        response: 'missing.json',
        shared: true,
        index: 1,
        'software-type': 'default',
      },
      default: { title: 'Server', request: 'request.json', response: 'missing.json', index: 0 },
    },
  })

async function withReleases(work: (home: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'releases-'))
  try {
    for (const version of ['1.0.0', '1.1.0']) {
      await mkdir(join(home, 'ok', version), { recursive: true })
      await writeFile(join(home, 'ok', version, 'release.json'), manifest(version))
      await writeFile(join(home, 'ok', version, 'request.json'), '{"type":"object"}')
    }
    await writeFile(join(home, 'secret.json'), '{}')
    await symlink(join(home, 'secret.json'), join(home, 'ok', 'release.json'))
    await work(home)
  } finally {
    await rm(home, { recursive: true })
  }
}

onEachStore('releases of local directories are described and listed newest first', (store) =>
  withReleases((home) =>
    inWorld(
      store,
      async ({ cloud, owner }) => {
        const [old, recent] = [join(home, 'ok', '1.0.0'), join(home, 'ok', '1.1.0')]
        assert.deepEqual(await cloud.catalogue.add(owner, old), { product: 'hello', version: '1.0.0' })
        await cloud.catalogue.add(owner, recent)
        await cloud.catalogue.add(owner, recent)
        assert.deepEqual(await cloud.software.releases(owner, { product: 'hello' }), [recent, old])
        assert.deepEqual(await cloud.software.releases(owner, { release: old }), [recent, old])
        assert.deepEqual(await cloud.software.releases(owner, { product: 'none' }), [])
        const [product] = await cloud.catalogue.products(owner)
        assert.deepEqual(
          product?.releases.map(({ version }) => version),
          ['1.1.0', '1.0.0'],
        )
        const description = await cloud.catalogue.description(owner, recent)
        assert.deepEqual(
          description.types.map(({ id, softwareType, shared, request }) => [id, softwareType, shared, request]),
          [
            ['default', 'default', false, { type: 'object' }],
            ['slave', 'default', true, null],
          ],
        )
        await assert.rejects(cloud.catalogue.add(owner, join(home, 'none')), { code: 'FETCH_REFUSED' })
        await assert.rejects(cloud.catalogue.add(owner, join(home, 'ok')), { code: 'FETCH_REFUSED' })
        await assert.rejects(cloud.catalogue.add(owner, join(home, 'ok', 'none')), { code: 'RELEASE_UNDESCRIBED' })
        const waiting = await cloud.instances.request(SYSTEM, {
          title: 'x',
          releaseUrl: recent,
          softwareType: 'default',
          parameters: {},
          filter: {},
          state: 'started',
          shared: false,
        })
        assert.equal(waiting.kind, 'waiting')
      },
      { catalogue: openCatalogue({ allowedRoots: [join(home, 'ok')] }) },
    ),
  ),
)

it('one guarded client: private addresses, other schemes, large and slow answers are refused', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/away') return response.writeHead(302, { location: 'ftp://127.0.0.1/' }).end()
    if (request.url === '/slow') return
    if (request.url === '/none') return response.writeHead(404).end()
    response.end('x'.repeat(2000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const guarded = createFetcher()
    for (const url of [
      base,
      base.replace('http', 'https'),
      'file:///etc/passwd',
      '/etc/passwd',
      'https://[::1]/x',
      'https://u:p@192.0.2.1/',
    ]) {
      await assert.rejects(guarded(url), { code: 'FETCH_REFUSED' }, url)
    }
    const open = createFetcher({ allowPrivate: true, maxBytes: 2000, timeoutMs: 300 })
    assert.equal((await open(base))?.length, 2000)
    assert.equal(await open(`${base}/none`), undefined)
    await assert.rejects(open(`${base}/away`), { code: 'FETCH_REFUSED' })
    await assert.rejects(open(`${base}/slow`), { code: 'FETCH_FAILED', message: /in time/ })
    await assert.rejects(createFetcher({ allowPrivate: true, maxBytes: 1999 })(base), {
      code: 'FETCH_REFUSED',
      message: /1999/,
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { after, before, it } from 'node:test'
import { createSlapClient, writeCertificate } from '@slapos/slap'
import { createClassicLink } from './classic.ts'

/** A Master that wants each instance to speak with its own certificate; which one speaks is told by the path. */
let server: Server
let url = ''
let valid = 'first'
const heard: string[] = []

before(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname
    heard.push(path)
    const [, certificate] = /^\/as\/(\w+)\//.exec(path) ?? []
    if (path === '/getComputerPartitionCertificate') {
      response.writeHead(200, { 'content-type': 'text/xml' })
      return void response.end(writeCertificate({ certificate: valid, key: 'key' }))
    }
    request.resume()
    response.writeHead(certificate === valid ? 200 : 403).end('done')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
})
after(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

it('an instance speaks with its own certificate, fetched once, and anew when another took its place', async () => {
  const link = createClassicLink({
    computerId: 'COMP-1',
    client: createSlapClient({ url }),
    clientOf: (certificate) => createSlapClient({ url: `${url}as/${certificate}/` }),
  })
  const publish = () => link.publish('slappart0', { url: 'x' })
  assert.deepEqual([(await publish()).kind, (await publish()).kind], ['ok', 'ok'])
  const published = '/as/first/setComputerPartitionConnectionXml'
  assert.deepEqual(heard, ['/getComputerPartitionCertificate', published, published])
  heard.length = 0
  valid = 'second'
  assert.equal((await publish()).kind, 'ok')
  assert.deepEqual(heard, [
    published,
    '/getComputerPartitionCertificate',
    '/as/second/setComputerPartitionConnectionXml',
  ])
  link.close()
})

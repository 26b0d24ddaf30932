/** For tests: a Master in a process of its own, to be killed. Prints one JSON line when it answers. */
import { generateKeyPairSync } from 'node:crypto'
import { silentLogger } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { startMaster } from './start.ts'

const [, , dataDirectory = ''] = process.argv
const host = '127.0.0.1'
const master = await startMaster({
  dataDirectory,
  api: { host, port: 0 },
  web: { host, port: 0, tls: false },
  logger: silentLogger,
})
const { cloud, identity } = master.parts
const person = await cloud.people.create({ kind: 'system' }, { name: 'Ada', email: '', operator: true })
const project = await cloud.projects.create({ kind: 'system' }, { title: 'Project', owner: person })
const { computer } = await cloud.nodes.create({ kind: 'person', person, via: 'session' }, { title: 'one', project })
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { certificate, ca } = await identity.certificates.sign(
  'person',
  person,
  createCertificateRequest(privateKey, person),
  'none',
)
const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
console.log(JSON.stringify({ url: master.apiUrl, certificate, key, ca, computer }))

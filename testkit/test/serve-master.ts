/**
 * A Master in a lab host, driven over its standard input: `serve-master.ts DATA BUNDLE HOST`. One action a line in,
 * one JSON answer a line out.
 */
import { createInterface } from 'node:readline'
import { silentLogger } from '@slapos/base'
import { createInstaller, readBundle } from '@slapos/master/install/index.ts'
import { type Master, startMaster } from '@slapos/master/server/index.ts'

const [dataDirectory = '', bundleDirectory = '', host = ''] = process.argv.slice(2)
let master: Master | undefined
const addresses = () => ({ apiUrl: master?.apiUrl ?? '', webUrl: master?.webUrl ?? '' })
const installer = await createInstaller({ bundleDirectory, addresses })
master = await startMaster({
  ...{ dataDirectory, ...installer, logger: silentLogger, allowPrivateReleases: true },
  api: { host, port: 5443 },
  web: { host, port: 443, tls: true },
})

const { cloud, identity } = master.parts
const system = { kind: 'system' } as const
const person = await cloud.people.create(system, { name: 'Ada', email: 'ada@example.org', operator: true })
const project = await cloud.projects.create(system, { title: 'Lab', owner: person })
const ada = { kind: 'person', person, via: 'session' } as const
const release = (await readBundle(bundleDirectory)).artefacts.find(({ file }) => file.startsWith('helloworld'))
const releaseUrl = `${master.webUrl}install/bundle/${release?.sha256}/${release?.file}#sha256=${release?.sha256}`

const actions: Readonly<Record<string, (words: readonly string[]) => Promise<unknown>>> = {
  async join([title = '']) {
    const { token } = await identity.tokens.create({ purpose: 'computer', person, project })
    return installer.joinCommand({ token, title, ...addresses() })
  },
  supply: ([computer = '']) => cloud.software.supply(ada, computer, releaseUrl, 'available'),
  request: ([title = '', computer = '', state = 'started']) =>
    cloud.instances.request(ada, {
      ...{ title, releaseUrl, softwareType: 'default', parameters: { _: '{"message":"hello from the lab"}' } },
      ...{ filter: { computer_guid: computer }, shared: false },
      state: state === 'destroyed' ? 'destroyed' : 'started',
    }),
  root: ([title = '']) => cloud.instances.root(ada, title),
  status: ([computer = '']) => cloud.nodes.status(ada, computer),
}

process.stdout.write('"ready"\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [action = '', ...words] = line.split(' ')
  try {
    process.stdout.write(`${JSON.stringify({ value: await actions[action]?.(words) })}\n`)
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`)
  }
}

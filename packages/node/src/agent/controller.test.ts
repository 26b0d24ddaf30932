import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '../../test/eventually.ts'
import { createLocalNode, type LocalNode } from '../../test/local-node.ts'

const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    const controller = instance.service('controller', { command: [instance.paths.node, instance.release('controller.mjs')] })
    instance.controller(controller)
    instance.publish({ evaluated: String(Date.now()) })
  },
})
`
/** Publishes for each slave in which message it came. */
const CONTROLLER = `import { createConnection } from 'node:net'
function connect() {
  const socket = createConnection(process.env.SLAPOS_CONTROLLER_SOCKET)
  let rest = ''
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\\n')
    rest = lines.pop()
    for (const line of lines) {
      const { type, revision, changed, removed } = JSON.parse(line)
      console.log(type, changed.length, removed.join())
      const connections = Object.fromEntries(changed.map((slave) => [slave.reference, { by: type + ' ' + slave.title }]))
      socket.write(JSON.stringify({ type: 'published', connections }) + '\\n')
      socket.write(JSON.stringify({ type: 'ack', revision }) + '\\n')
    }
  })
  socket.on('error', () => {})
  socket.on('close', () => setTimeout(connect, 50))
}
connect()
`
describe('slaves of a release with a controller', () => {
  let node: LocalNode
  const slave = (title: string) => node.proxy.request({ title, releaseUrl: node.release, shared: true })
  const host = () => node.proxy.state.occupant('host')
  const publishedFor = (title: string) =>
    host()?.slaves.find((item) => item.reference === `_${title}`)?.connection['by']

  before(async () => {
    node = await createLocalNode({ release: { 'instance.ts': INSTANCE, 'controller.mjs': CONTROLLER } })
    node.proxy.supply(node.release)
    await node.request('host')
    await node.open()
  })
  after(() => node.end())

  it('go to it, and what it publishes goes to the Master, without running instance.ts again', async () => {
    await eventually('deployed', () => host()?.connection['evaluated'] !== undefined)
    const evaluated = host()?.connection['evaluated']
    slave('one')
    slave('two')
    await node.agent.refresh()
    await eventually('published', () => publishedFor('one') !== undefined && publishedFor('two') !== undefined)
    assert.match(publishedFor('one') ?? '', /^(snapshot|delta) _one$/)
    slave('three')
    await node.agent.refresh()
    await eventually('third', () => publishedFor('three') !== undefined)
    assert.equal(host()?.connection['evaluated'], evaluated)
  })

  it('are told again by a snapshot when the controller comes back', async () => {
    const name = `${node.proxy.state.partitionOf('host')}:controller`
    await node.agent.parts.supervisor.control('restart', name)
    await eventually('snapshot', () => publishedFor('two') === 'snapshot _two')
  })
})

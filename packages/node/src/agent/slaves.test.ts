import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '../../test/eventually.ts'
import { createLocalNode, type LocalNode } from '../../test/local-node.ts'

const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    for (const slave of instance.slaves) {
      const { path, weight } = slave.parameters
      if (path === 'taken') instance.refuseSlave(slave, 'the path is taken')
      else instance.publishSlave(slave, { url: '/' + path, weight: String(weight * 2) })
    }
    instance.publish({ slaves: String(instance.slaves.length) })
  },
})
`
const MANIFEST = {
  format: 1,
  name: 'web',
  version: '1',
  title: 'Web',
  build: [],
  'software-type': {
    default: { title: 'Web', request: 'request.json', response: 'response.json' },
    'default-slave': {
      title: 'Path',
      'software-type': 'default',
      shared: true,
      request: 'slave.json',
      response: 'response.json',
    },
  },
}
const SCHEMA = {
  type: 'object',
  properties: { path: { type: 'string', pattern: '^[a-z0-9]+$' }, weight: { type: 'integer', default: 1 } },
  required: ['path'],
}
const MANY = 500

describe('slaves of one instance', () => {
  let node: LocalNode
  const slave = (title: string, parameters: Readonly<Record<string, string>>) =>
    node.proxy.request({ title, releaseUrl: node.release, shared: true, parameters })
  const host = () => node.proxy.state.occupant('host')
  const connectionOf = (title: string) =>
    host()?.slaves.find((item) => item.reference === `_${title}`)?.connection ?? {}
  const refusals = () =>
    node.told('softwareInstanceError').map(({ slave_reference, error_log }) => ({ slave_reference, error_log }))
  const referenceOf = (title: string) => host()?.slaves.find((item) => item.reference === `_${title}`)?.reference

  before(async () => {
    const release = {
      'instance.ts': INSTANCE,
      'release.json': JSON.stringify(MANIFEST),
      'slave.json': JSON.stringify(SCHEMA),
    }
    node = await createLocalNode({ release })
    node.proxy.supply(node.release)
    await node.request('host')
  })
  after(() => node.end())

  it('damaged and unfit ones are refused each for itself, and the others are served', async () => {
    for (let at = 0; at < MANY; at++) slave(`good-${at}`, { _: JSON.stringify({ path: `p${at}` }) })
    slave('damaged', { _: '{"path": ' })
    slave('unfit', { _: '{"path": "Not/allowed"}' })
    slave('lacking', {})
    slave('taken', { _: '{"path": "taken"}' })
    slave('plain', { path: 'texts', weight: '4' })
    await node.open()
    await eventually('served', () => connectionOf('plain')['url'] === '/texts')
    assert.deepEqual(connectionOf('plain'), { url: '/texts', weight: '8' }, 'texts become what the schema wants')
    assert.equal(host()?.connection['slaves'], String(MANY + 2))
    await eventually('all', () => connectionOf(`good-${MANY - 1}`)['url'] === `/p${MANY - 1}`)
    assert.equal(host()?.slaves.filter(({ connection }) => connection['weight'] === '2').length, MANY)

    await eventually('four refusals', () => refusals().length === 4)
    const reasons = new Map(refusals().map(({ slave_reference, error_log }) => [slave_reference, error_log ?? '']))
    assert.match(reasons.get(referenceOf('damaged')) ?? '', /damaged/)
    assert.match(reasons.get(referenceOf('unfit')) ?? '', /path must match pattern/)
    assert.match(reasons.get(referenceOf('lacking')) ?? '', /must have required property 'path'/)
    assert.equal(reasons.get(referenceOf('taken')), 'the path is taken')
  })

  it('one that is corrected is served, and nothing is told of the others again', async () => {
    const [before, told] = [node.told('setComputerPartitionConnectionXml').length, refusals().length]
    slave('damaged', { _: '{"path": "mended"}' })
    await node.agent.refresh()
    await eventually('served', () => connectionOf('damaged')['url'] === '/mended')
    assert.equal(refusals().length, told)
    const published = node.told('setComputerPartitionConnectionXml').slice(before)
    const slaves = published.map(({ slave_reference }) => slave_reference).filter((name) => name && name !== 'None')
    assert.deepEqual(slaves, [referenceOf('damaged')])
  })
})

import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import type { RequestAnswer } from './cloud.ts'
import { formatted, guidOf, inWorld, RELEASE, SYSTEM } from './testing/world.ts'

stopClusterAfterTests()

const placeOf = (answer: RequestAnswer) =>
  answer.kind === 'allocated' ? `${answer.instance.computerId}/${answer.instance.partitionId}` : answer.kind
const reasonsOf = (answer: RequestAnswer) => (answer.kind === 'waiting' ? answer.reasons : [])

onEachStore('7. no node, no release, no free partition, closed: each wait says why, and ends by itself', (store) =>
  inWorld(store, async ({ cloud, node, request, owner, project }) => {
    const first = await request('a')
    assert.deepEqual(reasonsOf(first), [
      `no node is usable by ${project}: register one, or have one shared with the project`,
    ])
    const computer = await node({ partitions: 1, releases: [] })
    await cloud.reconcile()
    const { waiting, waitingSince } = await cloud.instances.get(owner, guidOf(first))
    assert.deepEqual(waiting, [`no node can host it: COMP-0 lacks ${RELEASE}`])
    assert.ok(waitingSince !== null)
    await cloud.software.supply(owner, computer, RELEASE, 'available')
    await cloud.reconcile()
    assert.equal((await cloud.instances.get(owner, guidOf(first))).partition, 'slappart0')

    const second = await request('b')
    assert.deepEqual(reasonsOf(second), ['no node can host it: COMP-0 has no free partition'])
    await request('a', { state: 'destroyed' })
    await cloud.instances.report({ kind: 'computer', computer }, { computer, partition: 'slappart0' }, 'destroyed')
    await cloud.nodes.setAllocationScope(owner, computer, 'close/maintenance')
    await cloud.reconcile()
    const waits = await cloud.instances.get(owner, guidOf(second))
    // It may have been placed before the node was closed.
    if (waits.partition === null) {
      assert.deepEqual(waits.waiting, ['no node can host it: COMP-0 is closed (maintenance)'])
      await cloud.nodes.setAllocationScope(owner, computer, 'open')
      await cloud.reconcile()
    }
    assert.equal((await cloud.instances.get(owner, guidOf(second))).partition, 'slappart0')
  }),
)

onEachStore('7b. every placement key, met and not met', (store) =>
  inWorld(store, async ({ cloud, node, request, owner, project }) => {
    const a = await node({ capabilities: { 2: ['2001:db8::1 %x', 'gpu'] } })
    const b = await node()
    const net = await cloud.networks.create(owner, { title: 'lan', project })
    await cloud.networks.attach(owner, b, net)
    await cloud.nodes.setFacts(owner, b, { categories: { region: 'europe/france' } })
    const place = async (filter: Record<string, string>) => placeOf(await request(JSON.stringify(filter), { filter }))
    assert.equal(await place({ computer_guid: b }), 'COMP-1/slappart0')
    assert.equal(await place({ computer_guid: 'COMP-77' }), 'waiting')
    assert.equal(await place({ network_guid: net }), 'COMP-1/slappart1')
    assert.equal(await place({ network_guid: 'NET-9' }), 'waiting')
    assert.equal(await place({ region: 'europe/france' }), 'COMP-1/slappart2')
    assert.equal(await place({ region: 'asia' }), 'waiting')
    assert.equal(await place({ project_guid: project, computer_guid: a }), 'COMP-0/slappart0')
    assert.equal(await place({ capability: 'gpu' }), 'COMP-0/slappart2')
    assert.equal(await place({ capability: 'gp' }), 'waiting')
    assert.equal(await place({ retention_delay: '7.0', computer_guid: a }), 'COMP-0/slappart1')
    const full = await request('full', { filter: { computer_guid: a } })
    assert.equal(full.kind, 'waiting')
  }),
)

onEachStore('7c. unique_by_network never puts two of a tree into one network', (store) =>
  inWorld(store, async ({ cloud, node, request, owner, project }) => {
    const filter = { mode: 'unique_by_network' }
    const [a, b, c] = [await node(), await node(), await node()]
    const root = guidOf(await request('root', { filter }))
    assert.deepEqual((await cloud.instances.get(owner, root)).waiting.length, 3)
    const one = await cloud.networks.create(owner, { title: 'one', project })
    const two = await cloud.networks.create(owner, { title: 'two', project })
    await cloud.networks.attach(owner, a, one)
    await cloud.networks.attach(owner, b, two)
    await cloud.networks.attach(owner, c, two)
    await cloud.reconcile()
    const self = { kind: 'instance', instance: root } as const
    const [child, extra] = await Promise.all([request('child', { filter }, self), request('extra', { filter }, self)])
    assert.deepEqual([child.kind, extra.kind].sort(), ['allocated', 'waiting'])
  }),
)

onEachStore('sharing: a node serves its project, then named ones, then everybody', (store) =>
  inWorld(store, async ({ cloud, node, request, owner }) => {
    const computer = await node()
    const other = await cloud.projects.create(SYSTEM, { title: 'Other' })
    const ask = (title: string) => request(title, { project: other }, SYSTEM)
    assert.equal((await ask('a')).kind, 'waiting')
    await cloud.nodes.share(owner, computer, [other])
    await cloud.reconcile()
    assert.equal((await ask('a')).kind, 'allocated')
    await cloud.nodes.share(owner, computer, 'project')
    assert.equal((await ask('b')).kind, 'waiting')
    await cloud.nodes.share(owner, computer, 'everybody')
    await cloud.reconcile()
    assert.equal((await ask('b')).kind, 'allocated')
  }),
)

onEachStore('instances spread by load, and a silent node gets none', (store) =>
  inWorld(store, async ({ cloud, clock, node, request }) => {
    await node({ partitions: 6 })
    const second = await node({ partitions: 2 })
    const places = []
    for (const title of ['a', 'b', 'c', 'd']) places.push(placeOf(await request(title)))
    assert.deepEqual(places, ['COMP-0/slappart0', 'COMP-1/slappart0', 'COMP-0/slappart1', 'COMP-0/slappart2'])
    clock.advance(11 * 60_000)
    const silent = await request('e')
    assert.match(reasonsOf(silent)[0] ?? '', /COMP-0 is silent since/)
    cloud.nodes.contacted(second, '192.0.2.1')
    await cloud.reconcile()
    assert.equal(placeOf(await request('e')), 'COMP-1/slappart1')
  }),
)

onEachStore('200 concurrent requests get 200 different partitions, the rest learns why not', (store) =>
  inWorld(store, async ({ node, request }) => {
    await node({ partitions: 120 })
    await node({ partitions: 70 })
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => request(`service ${n}`)))
    const places = answers.map(placeOf).filter((place) => place !== 'waiting')
    assert.equal(new Set(places).size, 190)
    assert.equal(places.length, 190)
    for (const answer of answers) if (answer.kind === 'waiting') assert.equal(answer.reasons.length, 2)
  }),
)

onEachStore(
  '8, 9. format: identical changes nothing; a partition that vanishes while busy comes back with its instance',
  (store) =>
    inWorld(store, async ({ cloud, node, request, occupant }) => {
      const computer = await node({ partitions: 2 })
      const self = { kind: 'computer', computer } as const
      const guid = guidOf(await request('a'))
      const revision = cloud.nodes.revision(computer)
      await cloud.nodes.format(self, formatted(computer, 2))
      assert.equal(cloud.nodes.revision(computer), revision)
      const position = (await cloud.nodes.desired(self, undefined)).position
      await cloud.nodes.format(self, formatted(computer, 0))
      const gone = await cloud.nodes.desired(self, position)
      assert.deepEqual([gone.partitions, gone.removedPartitions], [[], ['slappart0', 'slappart1']])
      assert.deepEqual((await cloud.nodes.document(self, computer)).value.partitions, [])
      await cloud.nodes.format(self, formatted(computer, 2))
      assert.equal((await occupant(guid)).title, 'a')
      const again = await cloud.nodes.document(self, computer)
      assert.deepEqual(
        again.value.partitions.map(({ occupant: one }) => one?.title),
        ['a', undefined],
      )
    }),
)

onEachStore('among many nodes the lightest that suits is found, behind lighter ones that do not', (store) =>
  inWorld(store, async ({ cloud, node, request, owner }) => {
    const nodes: string[] = []
    for (let n = 0; n < 24; n++) nodes.push(await node({ partitions: 3 }))
    const [far, farther] = [nodes[21] ?? '', nodes[22] ?? '']
    for (const computer of [far, farther])
      await cloud.nodes.setFacts(owner, computer, { categories: { region: 'asia' } })
    const asia = { filter: { region: 'asia' } }
    const places: string[] = []
    for (let n = 0; n < 6; n++) places.push(placeOf(await request(`asia ${n}`, asia)))
    assert.deepEqual(
      places,
      [0, 1, 2].flatMap((part) => [`${far}/slappart${part}`, `${farther}/slappart${part}`]),
    )
    const full = await request('one too many', asia)
    assert.equal(reasonsOf(full).length, 21) // twenty nodes by name, and the rest counted
    // Capacity is what counts, not how many partitions there are.
    await cloud.nodes.setFacts(owner, nodes[0] ?? '', { capacity: 1 })
    for (let n = 0; n < 22; n++) await request(`anywhere ${n}`)
    assert.equal(placeOf(await request('next')), `${nodes[1]}/slappart1`)
  }),
)

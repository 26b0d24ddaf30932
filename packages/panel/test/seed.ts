/** A cloud of three days with something of everything: green, yellow, red, waiting. */
import type { Caller } from '@slapos/master/domain/cloud.ts'
import { dayOf, md5, tellOfParis } from './seed-telemetry.ts'
import { addNode, HELLO, POSTGRES, type World } from './world.ts'

export interface Seeded {
  readonly computer: string
  readonly service: string
  readonly broken: string
  readonly helloId: string
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** How old the world should be when it is seeded. */
export const SEED_AGE = 3 * 24 * HOUR

interface Wish {
  readonly by: Caller
  readonly releaseUrl: string
  readonly softwareType: string
  readonly shared: boolean
  readonly parameters: object
}

/** Measurements of the last hour. */
const hourOf = (now: number) =>
  Array.from({ length: 60 }, (_, minute) => ({
    ...{ partition: '', at: now - minute * MINUTE, cpu: 0.1, memoryBytes: 300 * 1_048_576, processes: 6 },
  }))

/** A server of another project that this one may use. */
async function shareFromElsewhere(world: World): Promise<void> {
  const { cloud } = world.master.parts
  const grace = await cloud.people.create({ kind: 'system' }, { name: 'Grace Hopper', email: 'grace@example.com' })
  const labs = await cloud.projects.create({ kind: 'system' }, { title: 'Harbour labs', owner: grace })
  const { computer, tell } = await addNode({ ...world, project: labs }, 'lisbon', 6, '203.0.113.9')
  await tell({})
  await cloud.nodes.share({ kind: 'person', person: grace, via: 'session' }, computer, [world.project])
}

export async function seed(world: World): Promise<Seeded> {
  const { cloud } = world.master.parts
  world.goTo(70 * HOUR)
  const paris = await addNode(world, 'paris')
  await cloud.software.supply(world.asPerson, paris.computer, HELLO, 'available')
  await cloud.software.report(paris.caller, paris.computer, HELLO, 'building')
  world.goTo(70 * HOUR - 9 * SECOND)
  await cloud.software.report(paris.caller, paris.computer, HELLO, 'available')
  const request = async (title: string, over: Partial<Wish> = {}) => {
    const answer = await cloud.instances.request(over.by ?? world.asPerson, {
      title,
      releaseUrl: over.releaseUrl ?? HELLO,
      softwareType: over.softwareType ?? 'default',
      parameters: { _: JSON.stringify(over.parameters ?? {}) },
      filter: { computer_guid: paris.computer },
      state: 'started',
      shared: over.shared ?? false,
      project: world.project,
    })
    await cloud.reconcile()
    if (answer.kind === 'nothing') throw new Error(`${title} was not requested`)
    return answer.kind === 'waiting' ? answer.instanceGuid : answer.instance.instanceGuid
  }
  const nodes = [paris]
  /** Nobody looks between the jump of the clock and the nodes: they were never silent. */
  const later = async (ago: number) => {
    world.goTo(ago)
    await Promise.all(nodes.map((node) => node.tell({})))
  }
  const place = async (guid: string) => (await cloud.instances.get(world.asPerson, guid)).partition ?? ''
  const works = async (guid: string, published: object) => {
    await cloud.instances.publish(paris.caller, { guid }, { _: JSON.stringify(published) })
    await cloud.instances.report(paris.caller, { guid }, 'started')
  }

  await later(52 * HOUR)
  const service = await request('Greeter', { parameters: { message: 'Hello from Paris', child: true } })
  const child = await request('child', { by: { kind: 'instance', instance: service }, softwareType: 'child' })
  world.goTo(52 * HOUR - 4 * SECOND)
  const childUrl = 'http://127.10.0.2:8080/'
  await works(child, { url: childUrl })
  await works(service, {
    ...{ url: 'http://127.10.0.1:8080/', 'child-url': childUrl, 'admin-password': 'tiger-lily-42' },
  })

  await later(30 * HOUR)
  const documentation = await request('Documentation', { parameters: { message: 'Read on' } })
  world.goTo(30 * HOUR - 3 * SECOND)
  await works(documentation, { url: 'http://127.10.0.3:8080/' })

  await later(26 * HOUR)
  const broken = await request('Shop', { parameters: { message: 'Welcome to the shop' } })
  await cloud.instances.report(paris.caller, { guid: broken }, 'started')

  await later(5 * HOUR)
  const tokyo = await addNode(world, 'tokyo', 4, '198.51.100.23')
  nodes.push(tokyo)
  await cloud.software.supply(world.asPerson, tokyo.computer, HELLO, 'available')
  await cloud.software.error(
    tokyo.caller,
    tokyo.computer,
    HELLO,
    'step 2 (npm) failed with status 1\nnpm error code ENOSPC\nnpm error no space left on device, write',
  )

  await later(2 * MINUTE)
  await cloud.software.supply(world.asPerson, paris.computer, POSTGRES, 'available')
  await cloud.software.report(paris.caller, paris.computer, POSTGRES, 'building')
  await request('Welcome page', { shared: true, parameters: { path: 'welcome', message: 'Welcome' } })
  await later(MINUTE)
  await request('Orders database', { releaseUrl: POSTGRES })

  await later(0)
  const healthy = await Promise.all([service, child, documentation].map(place))
  await tellOfParis(paris, healthy, await place(broken))
  await tokyo.tell({ usage: [...dayOf(Date.now(), 3), ...hourOf(Date.now())] })
  await shareFromElsewhere(world)
  await world.master.parts.identity.tokens.create({ purpose: 'computer', person: world.person, project: world.project })
  return { computer: paris.computer, service, broken, helloId: md5(POSTGRES) }
}

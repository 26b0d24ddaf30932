/** A cloud with something of everything: green, yellow, red, waiting. */
import { createHash } from 'node:crypto'
import { addNode, HELLO, POSTGRES, type World } from './world.ts'

export interface Seeded {
  readonly computer: string
  readonly service: string
  readonly broken: string
  readonly helloId: string
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

export async function seed(world: World): Promise<Seeded> {
  const { cloud } = world.master.parts
  const paris = await addNode(world, 'paris')
  const tokyo = await addNode(world, 'tokyo', 4)
  await cloud.software.supply(world.asPerson, paris.computer, HELLO, 'available')
  await cloud.software.report(paris.caller, paris.computer, HELLO, 'building')
  await cloud.software.report(paris.caller, paris.computer, HELLO, 'available')
  await cloud.software.supply(world.asPerson, paris.computer, POSTGRES, 'available')
  await cloud.software.report(paris.caller, paris.computer, POSTGRES, 'building')
  await cloud.software.supply(world.asPerson, tokyo.computer, HELLO, 'available')
  await cloud.software.error(
    tokyo.caller,
    tokyo.computer,
    HELLO,
    'step 2 (npm) failed with status 1\nnpm error code ENOSPC\nnpm error no space left on device, write',
  )
  const request = async (title: string, over: { releaseUrl?: string; shared?: boolean; parameters?: object } = {}) => {
    const answer = await cloud.instances.request(world.asPerson, {
      title,
      releaseUrl: over.releaseUrl ?? HELLO,
      softwareType: 'default',
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
  const service = await request('Greeter', { parameters: { message: 'Hello from Paris' } })
  const broken = await request('Shop')
  await request('Welcome page', { shared: true, parameters: { path: 'welcome', message: 'Welcome' } })
  await request('Orders database', { releaseUrl: POSTGRES })
  const place = async (guid: string) => {
    const view = await cloud.instances.get(world.asPerson, guid)
    return view.partition ?? ''
  }
  const [first, second] = [await place(service), await place(broken)]
  await cloud.instances.publish(
    paris.caller,
    { guid: service },
    {
      _: JSON.stringify({ url: 'http://127.10.0.1:8080/', 'admin-password': 'tiger-lily-42' }),
    },
  )
  for (const guid of [service, broken]) await cloud.instances.report(paris.caller, { guid }, 'started')
  const now = Date.now()
  const usage = Array.from({ length: 120 }, (_, index) => ({
    partition: '',
    at: now - (120 - index) * 15_000,
    cpu: 0.4 + 0.25 * Math.sin(index / 9) + 0.08 * Math.sin(index * 1.7),
    memoryBytes: (620 + 60 * Math.sin(index / 17)) * 1_048_576,
    processes: 14 + (index > 60 ? 3 : 0),
  }))
  for (const point of usage) await paris.tell({ now: point.at, usage: [point, { ...point, partition: first }] })
  await paris.tell({
    full: true,
    processes: [
      { partition: first, name: 'web', state: 'RUNNING', pid: 27308, since: now - 7_900_000, restarts: 0 },
      { partition: first, name: 'controller', state: 'RUNNING', pid: 27311, since: now - 7_900_000, restarts: 1 },
      { partition: second, name: 'web', state: 'BACKOFF', since: now - 190_000, exitCode: 1, restarts: 12 },
    ],
    promises: [
      {
        partition: first,
        name: 'http',
        ok: true,
        message: 'http://127.10.0.1:8080/ answers 200',
        checked: now - 4000,
        since: now - 7_800_000,
        durationMs: 4,
      },
      {
        partition: second,
        name: 'http',
        ok: false,
        message: 'connection refused (127.10.0.2:8080)',
        checked: now - 3000,
        since: now - 180_000,
        durationMs: 2,
      },
    ],
    builds: [{ url: POSTGRES, phase: 'apt', step: 1, steps: 3, since: now - 47_000, failed: false, message: '' }],
    partitions: [
      { partition: first, phase: 'deployed', since: now - 7_900_000, message: '' },
      { partition: second, phase: 'deployed', since: now - 200_000, message: '' },
    ],
    logs: [
      { source: `software/${md5(POSTGRES)}`, offset: 0, lines: BUILD_LOG },
      {
        source: `service/${first}/web`,
        offset: 0,
        lines: ['listening on 127.10.0.1:8080', 'GET / 200 3 ms', 'GET /welcome 200 1 ms'],
      },
      {
        source: 'agent',
        offset: 0,
        lines: ['desired state 1f:1795461234', 'processing slappart0', 'slappart0 deployed'],
      },
    ],
  })
  await world.master.parts.identity.tokens.create({ purpose: 'computer', person: world.person, project: world.project })
  return { computer: paris.computer, service, broken, helloId: md5(POSTGRES) }
}

const BUILD_LOG = [
  'Installing software release postgres 1.0.0',
  'step 1 of 3: apt postgresql-15',
  'Get:1 libpq5 15.8-0+deb12u1 [187 kB]',
  'Get:2 postgresql-common 248 [179 kB]',
  'Get:3 postgresql-15 15.8-0+deb12u1 [16.6 MB]',
  'unpacking libpq5',
  'unpacking postgresql-15',
]

import { type Clock, silentLogger, systemClock } from '@slapos/base'
import {
  type FormattedComputer,
  type FormattedPartition,
  type InstanceRequest,
  NO_TAP,
  type OccupantDocument,
} from '@slapos/slap'
import { openCatalogue } from '../../catalog/cases.ts'
import type { Store } from '../../store/index.ts'
import type { Caller, Change, Cloud, RequestAnswer } from '../cloud.ts'
import { type CloudOptions, createCloud } from '../create-cloud.ts'

export const RELEASE = 'https://example.org/demo/1.0.0/'
export const SYSTEM: Caller = { kind: 'system' }

/** A cloud with a first person who owns a first project, and short words for what tests do. */
export interface World {
  readonly cloud: Cloud
  readonly store: Store
  readonly clock: MovableClock
  readonly owner: Caller
  readonly project: string
  readonly changes: readonly Change[]
  /** A node with free partitions, in touch, on which RELEASE is supplied. */
  node(options?: NodeOptions): Promise<string>
  request(title: string, request?: Partial<InstanceRequest>, caller?: Caller): Promise<RequestAnswer>
  /** What occupies the partition of an instance. */
  occupant(guid: string): Promise<OccupantDocument>
  timestamp(guid: string): Promise<number>
}

export interface NodeOptions {
  readonly title?: string
  readonly partitions?: number
  readonly capabilities?: Readonly<Record<number, readonly string[]>>
  readonly releases?: readonly string[]
}

export interface MovableClock extends Clock {
  advance(ms: number): void
}

export function movableClock(): MovableClock {
  let offset = 0
  const advance = (ms: number) => {
    offset += ms
  }
  return { ...systemClock, now: () => Date.now() + offset, advance }
}

/** Runs `test` in a new world and closes it. */
export async function inWorld(
  store: Store,
  test: (world: World) => Promise<void>,
  options: Partial<CloudOptions> = {},
): Promise<void> {
  const clock = movableClock()
  const cloud = await createCloud({ store, clock, logger: silentLogger, catalogue: openCatalogue(), ...options })
  try {
    await test(await makeWorld(cloud, store, clock))
  } finally {
    await cloud.close()
  }
}

async function makeWorld(cloud: Cloud, store: Store, clock: MovableClock): Promise<World> {
  const person = await cloud.people.create(SYSTEM, { name: 'First', email: 'first@example.org' })
  const project = await cloud.projects.create(SYSTEM, { title: 'First project', owner: person })
  const owner: Caller = { kind: 'person', person, via: 'session' }
  const changes: Change[] = []
  cloud.onChange((change) => void changes.push(change))
  let nodes = 0
  const occupant = async (guid: string) => {
    const { computer, partition } = await cloud.instances.get(SYSTEM, guid)
    if (computer === null || partition === null) throw new Error(`${guid} has no partition`)
    const document = await cloud.nodes.partition(SYSTEM, computer, partition)
    if (!document.value.occupant) throw new Error(`${computer}/${partition} is free`)
    return document.value.occupant
  }
  return {
    cloud,
    store,
    clock,
    owner,
    project,
    changes,
    occupant,
    async node({ title, partitions = 3, capabilities = {}, releases = [RELEASE] } = {}) {
      nodes += 1
      const { computer } = await cloud.nodes.create(owner, { title: title ?? `node ${nodes}`, project })
      await cloud.nodes.format({ kind: 'computer', computer }, formatted(computer, partitions, capabilities))
      for (const url of releases) await cloud.software.supply(owner, computer, url, 'available')
      return computer
    },
    request: (title, request = {}, caller = owner) => cloud.instances.request(caller, wanted(title, request)),
    timestamp: async (guid) => Number((await occupant(guid)).timestamp),
  }
}

export const wanted = (title: string, request: Partial<InstanceRequest> = {}): InstanceRequest => ({
  title,
  releaseUrl: RELEASE,
  softwareType: 'default',
  parameters: {},
  filter: {},
  state: 'started',
  shared: false,
  ...request,
})

/** The guid of an answer that holds or will hold an instance. */
export function guidOf(answer: RequestAnswer): string {
  if (answer.kind === 'nothing') throw new Error('nothing was requested')
  return answer.kind === 'allocated' ? answer.instance.instanceGuid : answer.instanceGuid
}

export function formatted(
  computer: string,
  partitions: number,
  capabilities: Readonly<Record<number, readonly string[]>> = {},
): FormattedComputer {
  return {
    reference: computer,
    address: null,
    netmask: null,
    partition_list: Array.from({ length: partitions }, (_, n) => partition(n, capabilities[n])),
    instance_root: '/srv/slapgrid',
    software_root: '/opt/slapgrid',
    software_user: 'slapsoft',
    instance_storage_home: '',
    interface: null,
    ipv6_interface: null,
    tap_gateway_interface: '',
    tap_ipv6: false,
    partition_has_ipv6_range: false,
    os_type: '["linux", "debian", "12", "bookworm"]',
    public_ipv4_address: null,
    python_version: '',
    slapos_version: '0.1.0',
  }
}

export function partition(n: number, capabilities?: readonly string[]): FormattedPartition {
  return {
    reference: `slappart${n}`,
    path: `/srv/slapgrid/slappart${n}`,
    user: { name: `slapuser${n}`, path: `/srv/slapgrid/slappart${n}`, shell: '/bin/sh', additional_group_list: [] },
    address_list: [{ addr: `127.1.2.${n + 1}`, netmask: '255.255.255.255' }],
    ipv6_range: {},
    tap: { ...NO_TAP, name: `slaptap${n}` },
    tun: null,
    external_storage_list: [],
    ...(capabilities ? { capability_list: capabilities } : {}),
  }
}

/** A real Master with a person, releases, and a node that is played through the domain, for tests and screenshots. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, systemClock } from '@slapos/base'
import { createFetcher } from '@slapos/master/catalog/fetch.ts'
import { type Master, startMaster } from '@slapos/master/server/index.ts'
import { type FormattedComputer, NO_TAP, type Telemetry } from '@slapos/slap'

export const USER = 'admin'
export const PASSWORD = 'correct horse battery'
/** Addresses of the releases of this checkout: pictures show the same on every machine. */
const RELEASES = 'https://releases.example.org/'
export const HELLO = `${RELEASES}helloworld`
export const POSTGRES = `${RELEASES}postgres`
/** Not in the catalogue at first: its parameters use every feature of a schema. */
export const EVERYTHING = `${RELEASES}everything`
const everything = join(import.meta.dirname, 'everything')
const checkout = join(import.meta.dirname, '../../../releases')
const fetchFromCheckout = createFetcher({ allowedRoots: [checkout, everything], allowPrivate: true })

const system = { kind: 'system' } as const

export interface World {
  readonly master: Master
  readonly url: string
  readonly person: string
  readonly project: string
  readonly asPerson: { readonly kind: 'person'; readonly person: string; readonly via: 'session' }
  now(): number
  /** What comes next happens so many milliseconds before the present; time does not go back. */
  goTo(ago: number): void
  close(): Promise<void>
}

/**
 * @param ago so many milliseconds before the present the world begins.
 * @param releases what its catalogue has.
 */
export async function createWorld(ago = 0, releases: readonly string[] = [HELLO, POSTGRES]): Promise<World> {
  let behind = ago
  const clock = { ...systemClock, now: () => Date.now() - behind }
  const directory = await mkdtemp(join(tmpdir(), 'slapos-panel-'))
  const master = await startMaster({
    dataDirectory: directory,
    api: { host: '127.0.0.1', port: 0 },
    web: { host: '127.0.0.1', port: 0, tls: false },
    fetchRelease: (url) => fetchFromCheckout(url.replace(EVERYTHING, everything).replace(RELEASES, `${checkout}/`)),
    allowPrivateReleases: true,
    ...{ logger: silentLogger, clock },
  })
  const { cloud, identity } = master.parts
  const person = await cloud.people.create(system, {
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    operator: true,
  })
  const project = await cloud.projects.create(system, { title: 'Main', owner: person })
  await identity.credentials.set(person, USER, PASSWORD)
  const asPerson = { kind: 'person', person, via: 'session' } as const
  for (const release of releases) await cloud.catalogue.add(asPerson, release)
  return {
    master,
    url: master.webUrl.replace(/\/$/, ''),
    person,
    project,
    asPerson,
    now: clock.now,
    goTo(ago) {
      behind = Math.min(behind, ago)
    },
    async close() {
      await master.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A node as the Master sees it: joined, formatted with `count` partitions, in touch. */
export async function addNode(world: World, title: string, count = 10, address = '192.0.2.7') {
  const { master, asPerson, project, now } = world
  const { cloud } = master.parts
  const { computer } = await cloud.nodes.create(asPerson, { title, project })
  const caller = { kind: 'computer', computer } as const
  await cloud.nodes.format(caller, formatted(computer, count))
  const tell = (batch: Partial<Telemetry>) => {
    cloud.nodes.contacted(computer, address)
    return cloud.nodes.telemetry(caller, { ...EMPTY, now: now(), ...batch })
  }
  await tell({})
  return { computer, caller, tell }
}

const EMPTY: Telemetry = {
  format: 1,
  now: 0,
  agentVersion: '0.1.0',
  full: false,
  processes: [],
  removedProcesses: [],
  promises: [],
  removedPromises: [],
  builds: [],
  partitions: [],
  logs: [],
  usage: [],
}

function formatted(reference: string, count: number): FormattedComputer {
  return {
    reference,
    address: null,
    netmask: null,
    partition_list: Array.from({ length: count }, (_, index) => ({
      reference: `slappart${index}`,
      path: `/srv/slapgrid/slappart${index}`,
      user: {
        name: `slapuser${index}`,
        path: `/srv/slapgrid/slappart${index}`,
        shell: '/bin/sh',
        additional_group_list: [],
      },
      address_list: [{ addr: `127.10.0.${index + 1}`, netmask: '255.255.255.255' }],
      ipv6_range: {},
      tap: NO_TAP,
      tun: null,
      external_storage_list: [],
    })),
    instance_root: '/srv/slapgrid',
    software_root: '/opt/slapgrid',
    software_user: 'slapsoft',
    instance_storage_home: '',
    interface: null,
    ipv6_interface: null,
    tap_gateway_interface: '',
    tap_ipv6: false,
    partition_has_ipv6_range: false,
    os_type: JSON.stringify(['Linux', 'Debian', '12', 'bookworm']),
    public_ipv4_address: null,
    python_version: '',
    slapos_version: '0.1.0',
  }
}

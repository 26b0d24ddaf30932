/**
 * A Master in a process of its own, filled through its domain and measured from inside: `master-process.ts DIRECTORY`,
 * actions over the IPC channel (see `master.ts`, the other end).
 */
import { join } from 'node:path'
import { silentLogger } from '@slapos/base'
import { startMaster } from '@slapos/master/server/index.ts'
import { type FormattedComputer, type FormattedPartition, NO_TAP } from '@slapos/slap'
import type { Action, Reply } from './master.ts'

const [directory = ''] = process.argv.slice(2)
const release = join(import.meta.dirname, '../../releases/helloworld')
const master = await startMaster({
  dataDirectory: directory,
  api: { host: '127.0.0.1', port: 0 },
  web: { host: '127.0.0.1', port: 0, tls: false },
  allowedReleaseRoots: [release],
  logger: silentLogger,
})
const { cloud, identity } = master.parts
const system = { kind: 'system' } as const
const person = await cloud.people.create(system, { name: 'Ada', email: 'ada@example.org', operator: true })
const project = await cloud.projects.create(system, { title: 'Bench', owner: person })
const ada = { kind: 'person', person, via: 'certificate' } as const
await cloud.limits.set(system, 'instances', 'project', project, 100_000)

const certified = async (kind: 'person' | 'computer', subject: string) => {
  const { certificate, key } = await identity.certificates.issuePair(kind, subject)
  return { subject, url: master.apiUrl, release, cert: pem(certificate), key, ca: identity.caBundle() }
}

const actions: { readonly [K in Action['name']]: (count: number) => Promise<unknown> } = {
  person: () => certified('person', person),
  async computer(partitions) {
    const computer = await node(partitions)
    return certified('computer', computer)
  },
  /** A node whose partitions are all busy. */
  async busyComputer(partitions) {
    const computer = await node(partitions)
    for (let n = 0; n < partitions; n++) await request(`${computer} service ${n}`, computer)
    return certified('computer', computer)
  },
  async slaves(count) {
    await hosting()
    for (let n = 0; n < count; n += TOGETHER) {
      await Promise.all(Array.from({ length: Math.min(TOGETHER, count - n) }, requestSlave))
    }
  },
  async slaveDeltas(count) {
    const { computer, partition } = await hosting()
    const node = { kind: 'computer', computer } as const
    let { position } = await cloud.nodes.slaves(node, partition, undefined)
    for (let n = 0; n < count; n++) {
      await requestSlave()
      const delta = await cloud.nodes.slaves(node, partition, position)
      position = delta.position
    }
  },
  async visitor() {
    const { secret } = await identity.apiTokens.create({ person, title: 'bench', scope: 'read', lifeMs: 3_600_000 })
    return { url: master.webUrl, token: secret, release }
  },
  async services(count) {
    for (let done = 0; done < count; done += ON_A_NODE) await fullNode(Math.min(ON_A_NODE, count - done))
  },
  cpu: async () => {
    const { user, system: kernel } = process.cpuUsage()
    return user + kernel
  },
}

const TOGETHER = 50
const ON_A_NODE = 100
let services = 0

/** A node that reports, with so many services. */
async function fullNode(count: number): Promise<void> {
  const computer = await node(count)
  const caller = { kind: 'computer', computer } as const
  await cloud.software.report(caller, computer, release, 'available')
  const titles = Array.from({ length: count }, () => `service ${String(++services).padStart(6, '0')}`)
  const wanted = await Promise.all(titles.map((title) => request(title, computer)))
  await Promise.all(
    wanted.map(async (answer, index) => {
      if (answer.kind !== 'allocated') throw new Error(`a service was not placed: ${answer.kind}`)
      if (index % 10 > 0) await cloud.instances.report(caller, { guid: answer.instance.instanceGuid }, 'started')
    }),
  )
  cloud.nodes.contacted(computer, '192.0.2.1')
  await cloud.nodes.telemetry(caller, {
    ...{ format: 1, now: Date.now(), agentVersion: '0.1.0', full: true, processes: [], removedProcesses: [] },
    ...{ removedPromises: [], builds: [], partitions: [], logs: [], usage: [] },
    promises: wanted.map((_, n) => promiseOf(`slappart${n}`, n % 10 !== 9)),
  })
}

const promiseOf = (partition: string, ok: boolean) => ({
  ...{ partition, name: 'check-site', ok, message: ok ? 'ok' : 'no answer', durationMs: 100 },
  ...{ checked: Date.now(), since: Date.now() },
})
let host: Promise<{ readonly computer: string; readonly partition: string }> | undefined
let slaves = 0

/** The one instance that hosts every slave. */
function hosting() {
  host ??= node(1).then(async (computer) => {
    await request('host', computer)
    return { computer, partition: 'slappart0' }
  })
  return host
}

function requestSlave() {
  slaves += 1
  return cloud.instances.request(ada, {
    ...{ title: `slave ${slaves}`, releaseUrl: release, softwareType: 'default', shared: true, state: 'started' },
    parameters: { _: JSON.stringify({ path: `slave-${slaves}` }) },
    filter: {},
  })
}

process.on('message', ({ id, name, count }: Action) => {
  const reply = (answer: Reply) => process.send?.(answer)
  actions[name](count).then(
    (value) => reply({ id, value }),
    (error: unknown) => reply({ id, error: String(error) }),
  )
})
process.on('disconnect', () => void master.close().finally(() => process.exit()))
process.send?.({ id: 0, value: 'ready' } satisfies Reply)

async function node(partitions: number): Promise<string> {
  const { computer } = await cloud.nodes.create(ada, { title: `node of ${partitions} ${Date.now()}`, project })
  await cloud.nodes.format({ kind: 'computer', computer }, formatted(computer, partitions))
  await cloud.software.supply(ada, computer, release, 'available')
  return computer
}

function request(title: string, computer: string) {
  return cloud.instances.request(ada, {
    ...{ title, releaseUrl: release, softwareType: 'default', shared: false, state: 'started' },
    parameters: { _: JSON.stringify({ message: `I am ${title}`, port: 8080 }) },
    filter: { computer_guid: computer },
  })
}

function formatted(reference: string, partitions: number): FormattedComputer {
  return {
    ...{ reference, address: null, netmask: null, interface: null, ipv6_interface: null, public_ipv4_address: null },
    ...{ instance_root: '/srv/slapgrid', software_root: '/opt/slapgrid', software_user: 'slapsoft' },
    ...{ instance_storage_home: '', tap_gateway_interface: '', tap_ipv6: false, partition_has_ipv6_range: false },
    ...{ os_type: '["linux", "debian", "12", "bookworm"]', python_version: '', slapos_version: '0.1.0' },
    partition_list: Array.from({ length: partitions }, (_, n) => partition(n)),
  }
}

function partition(n: number): FormattedPartition {
  const [path, name] = [`/srv/slapgrid/slappart${n}`, `slaptap${n}`]
  return {
    reference: `slappart${n}`,
    path,
    user: { name: `slapuser${n}`, path, shell: '/bin/sh', additional_group_list: [] },
    address_list: [{ addr: `127.1.${n >> 8}.${n & 255}`, netmask: '255.255.255.255' }],
    ipv6_range: {},
    tap: { ...NO_TAP, name },
    tun: null,
    external_storage_list: [],
  }
}

/** Classic pairs carry a description before the certificate. */
function pem(text: string): string {
  return text.slice(text.indexOf('-----BEGIN'))
}

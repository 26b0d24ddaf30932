/** `slapos node format`: reads what is wanted and what is there, plans, applies, tells the Master. */
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EXIT, type LogLevel, messageOf, writeFileAtomic } from '@slapos/base'
import { type FormattedComputer, readFormat, writeFormat } from '@slapos/slap'
import { AGENT_VERSION, openHost } from '../agent/compose.ts'
import { loadDesired, NOTHING_DESIRED } from '../agent/desired.ts'
import type { NodeConfig } from '../config/config.ts'
import type { Assignment, Host, RememberedAddresses } from '../host/host.ts'
import { createRecordStore } from '../instance/record-store.ts'
import { connectLink } from '../link/connect.ts'
import { describePlan } from './describe-plan.ts'
import { type FormatWish, planFormat } from './plan.ts'
import { runStages, stagesOf } from './stages.ts'

export interface FormatOptions {
  readonly dryRun: boolean
  /** How long the Master may take to answer, milliseconds. */
  readonly patienceMs?: number
  /** Where a dry run says its plan. */
  readonly print?: (text: string) => void
  readonly log: (level: LogLevel, message: string, name?: string) => void
}

/** Answers the exit code: 0 prepared and told, 1 not prepared, 2 prepared and the Master does not know it. */
export async function runFormat(config: NodeConfig, options: FormatOptions): Promise<number> {
  const { log } = options
  const host = await openHost(config, (message) => log('info', message))
  try {
    return await format(config, host, options)
  } catch (error) {
    log('error', messageOf(error))
    log('error', 'slapos failed to prepare the computer.')
    return EXIT.failure
  } finally {
    host.close()
  }
}

async function format(
  config: NodeConfig,
  host: Host,
  { dryRun, log, print, patienceMs }: FormatOptions,
): Promise<number> {
  const before = await remembered(config.paths.computerXml)
  const known = before?.partition_list ?? []
  if (dryRun) log('info', 'Dry-run mode enabled.')
  if (!before) log('warning', `Creating new computer data with id '${config.computerId}'`)
  const amount = config.format.partitionAmount
  if (amount > known.length) log('info', `Adding ${amount - known.length} new partitions`)
  log('info', 'Updating computer')
  const assignment = await assigned(config, host, before ? known : await recall(config, host))
  const wish: FormatWish = {
    computer: await describeComputer(config, assignment),
    rootDirectories: [config.paths.instances, config.paths.software].map((path) => ({
      kind: 'root-directory',
      path,
      mode: 0o755,
    })),
    remembered: known,
    temporary: assignment.temporary,
    busy: await busyPartitions(config),
  }
  const facts = await host.inspect(wish.computer.partition_list, wish.rootDirectories)
  const steps = planFormat(wish, facts)
  if (amount < known.length) log('info', `Removing ${known.length - amount} partitions`)
  if (dryRun) {
    print?.(describePlan(steps))
    return EXIT.ok
  }
  const failures = await runStages(
    stagesOf(steps),
    (step) => host.execute(step),
    (step) => {
      if (step.kind !== 'resource') return
      log('info', `Partition resources saved to ${step.partition.reference}`, 'slapos.format')
    },
  )
  if (failures.length > 0) {
    for (const { partition, error } of failures) {
      log('error', partition === undefined ? messageOf(error) : `${partition}: ${messageOf(error)}`)
    }
    log('error', 'slapos failed to prepare the computer.')
    return EXIT.failure
  }
  await remember(config.paths.computerXml, wish.computer)
  return tell(config, wish.computer, log, patienceMs)
}

function assigned({ format: wanted }: NodeConfig, host: Host, remembered: readonly RememberedAddresses[]) {
  return host.assign({
    count: wanted.partitionAmount,
    partitionBase: wanted.partitionBaseName,
    userBase: wanted.userBaseName,
    softwareUser: wanted.softwareUser,
    tapBase: wanted.tapBaseName,
    ...(wanted.partitionHasIpv6Range ? { ipv6PrefixShift: wanted.ipv6PrefixShift } : {}),
    remembered,
  })
}

/** The partitions live on the temporary prefix, and the machine has a lasting one meanwhile. */
export async function prefixIsOutdated(config: NodeConfig, host: Host): Promise<boolean> {
  const before = await remembered(config.paths.computerXml)
  if (!before) return false
  const { temporary } = await assigned(config, host, before.partition_list)
  return temporary !== null && !temporary.wanted && before.address === temporary.address.address
}

/** Without the memory of the last format: first what the Master said of busy partitions, then what the others say themselves. */
async function recall({ format: wanted, paths }: NodeConfig, host: Host): Promise<readonly RememberedAddresses[]> {
  const references = Array.from({ length: wanted.partitionAmount }, (_, i) => `${wanted.partitionBaseName}${i}`)
  const { partitions } = await loadDesired(`${paths.state}/desired.json`).catch(() => NOTHING_DESIRED)
  const told = references.flatMap((reference) => {
    const addresses = partitions[reference]?.ipList ?? []
    const address_list = addresses.map(([, addr]) => ({ addr, netmask: '' }))
    return address_list.length > 0 ? [{ reference, address_list }] : []
  })
  const rest = references.filter((reference) => !told.some((one) => one.reference === reference))
  const said = await host.recall(rest)
  const taken = new Set(told.flatMap(({ address_list }) => address_list.map(({ addr }) => addr)))
  return [...told, ...said.filter(({ address_list }) => !address_list.some(({ addr }) => taken.has(addr)))]
}

/** Partitions that were processed, and those that the Master gave away meanwhile. */
async function busyPartitions({ paths }: NodeConfig): Promise<ReadonlySet<string>> {
  const { partitions } = await loadDesired(`${paths.state}/desired.json`).catch(() => NOTHING_DESIRED)
  const given = Object.entries(partitions).flatMap(([partition, occupant]) => (occupant ? [partition] : []))
  return new Set([...given, ...(await createRecordStore(`${paths.state}/partitions`).list())])
}

async function tell(
  config: NodeConfig,
  computer: FormattedComputer,
  log: FormatOptions['log'],
  patienceMs?: number,
): Promise<number> {
  const url = config.masterUrl.replace(/\/$/, '')
  log('info', `Posting information to '${url}'`)
  const connected = await connectLink(config, AGENT_VERSION, patienceMs)
  const outcome = connected.kind === 'ok' ? await connected.value.link.format(computer) : connected
  if (connected.kind === 'ok') connected.value.link.close()
  if (outcome.kind === 'ok') {
    log('info', 'slapos successfully prepared the computer.')
    return EXIT.ok
  }
  const hint =
    outcome.kind === 'failed' && outcome.missing
      ? ` The Master does not know ${config.computerId}: do computer_id and the certificate belong together?`
      : ''
  log('error', `failed to transfer information to '${url}': ${outcome.reason}${hint}`)
  log('warning', 'the computer is prepared, and the Master does not know it yet: run this command again.')
  return EXIT.partial
}

async function describeComputer(config: NodeConfig, assignment: Assignment): Promise<FormattedComputer> {
  const { format: wanted, paths } = config
  return {
    reference: config.computerId,
    address: assignment.address,
    netmask: assignment.netmask,
    partition_list: assignment.partitions,
    instance_root: paths.instances,
    software_root: paths.software,
    software_user: config.mode === 'system' ? wanted.softwareUser : '',
    instance_storage_home: wanted.instanceStorageHome,
    interface: {
      name: assignment.interface,
      ipv4_local_network: wanted.ipv4LocalNetwork,
      ipv6_interface: assignment.ipv6Interface,
      ipv6_prefixshift: wanted.ipv6PrefixShift,
    },
    ipv6_interface: assignment.ipv6Interface,
    tap_gateway_interface: wanted.tapGatewayInterface,
    tap_ipv6: wanted.tapIpv6,
    partition_has_ipv6_range: wanted.partitionHasIpv6Range,
    os_type: JSON.stringify(await osType()),
    public_ipv4_address: null,
    python_version: `Node.js ${process.versions.node}`,
    slapos_version: AGENT_VERSION,
  }
}

/** `[platform, distribution id, version, pretty name]`. */
async function osType(): Promise<readonly string[]> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
  return [process.platform, value('ID'), value('VERSION_ID'), value('PRETTY_NAME')]
}

async function remembered(path: string): Promise<FormattedComputer | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : readFormat(text)
}

/** Written only when it differs, so that its date says when the computer last changed. */
async function remember(path: string, computer: FormattedComputer): Promise<void> {
  const text = writeFormat(computer)
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, text)
}

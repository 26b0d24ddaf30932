/** `slapos node format`: reads what is wanted and what is there, plans, applies, tells the Master. */
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EXIT, type LogLevel, messageOf, writeFileAtomic } from '@slapos/base'
import { type FormattedComputer, readFormat, writeFormat } from '@slapos/slap'
import { AGENT_VERSION, openHost } from '../agent/compose.ts'
import type { NodeConfig } from '../config/config.ts'
import type { Assignment, Host } from '../host/host.ts'
import { createRecordStore } from '../instance/record-store.ts'
import { connectLink } from '../link/connect.ts'
import { describeStep, type FormatWish, planFormat } from './plan.ts'

export interface FormatOptions {
  readonly dryRun: boolean
  readonly log: (level: LogLevel, message: string, name?: string) => void
}

/** Answers the exit code: 0 prepared and told, 1 not prepared, 2 prepared and the Master does not know it. */
export async function runFormat(config: NodeConfig, { dryRun, log }: FormatOptions): Promise<number> {
  const host = await openHost(config, (message) => log('info', message))
  try {
    return await format(config, host, dryRun, log)
  } catch (error) {
    log('error', messageOf(error))
    log('error', 'slapos failed to prepare the computer.')
    return EXIT.failure
  } finally {
    host.close()
  }
}

async function format(config: NodeConfig, host: Host, dryRun: boolean, log: FormatOptions['log']): Promise<number> {
  const before = await remembered(config.paths.computerXml)
  const known = before?.partition_list ?? []
  if (dryRun) log('info', 'Dry-run mode enabled.')
  if (!before) log('warning', `Creating new computer data with id '${config.computerId}'`)
  const amount = config.format.partitionAmount
  if (amount > known.length) log('info', `Adding ${amount - known.length} new partitions`)
  log('info', 'Updating computer')
  const assignment = await host.assign({
    count: amount,
    partitionBase: config.format.partitionBaseName,
    userBase: config.format.userBaseName,
    softwareUser: config.format.softwareUser,
    tapBase: config.format.tapBaseName,
    remembered: known,
  })
  const wish: FormatWish = {
    computer: await describeComputer(config, assignment),
    rootDirectories: [config.paths.instances, config.paths.software].map((path) => ({
      kind: 'root-directory',
      path,
      mode: 0o755,
    })),
    remembered: known,
    busy: new Set(await createRecordStore(`${config.paths.state}/partitions`).list()),
  }
  const facts = await host.inspect(wish.computer.partition_list, wish.rootDirectories)
  const steps = planFormat(wish, facts)
  for (const step of steps) {
    if (dryRun) log('info', `Would do: ${describeStep(step)}`)
    else await host.execute(step)
    if (!dryRun && step.kind === 'resource') {
      log('info', `Partition resources saved to ${step.partition.reference}`, 'slapos.format')
    }
  }
  if (dryRun) {
    if (steps.length === 0) log('info', 'Nothing to do.')
    return EXIT.ok
  }
  await remember(config.paths.computerXml, wish.computer)
  return tell(config, wish.computer, log)
}

async function tell(config: NodeConfig, computer: FormattedComputer, log: FormatOptions['log']): Promise<number> {
  const url = config.masterUrl.replace(/\/$/, '')
  log('info', `Posting information to '${url}'`)
  const connected = await connectLink(config, AGENT_VERSION)
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

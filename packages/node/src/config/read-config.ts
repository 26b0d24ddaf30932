import { access, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { nodeErrors } from '../errors.ts'
import type { NodeConfig } from './config.ts'
import { inertOptions } from './inert-options.ts'
import { parseIni } from './ini.ts'
import { unknownOptions } from './known-options.ts'
import { type SectionReader, sectionReader } from './values.ts'

export const DEFAULT_CONFIG_PATH = '/etc/opt/slapos/slapos.cfg'

export function configPath(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const path = given ?? environment['SLAPOS_CONFIGURATION'] ?? DEFAULT_CONFIG_PATH
  return resolve(path.replace(/^~(?=\/|$)/, homedir()))
}

/** Reads and checks slapos.cfg. Every error names the option and is one line. */
export async function readConfig(path: string): Promise<NodeConfig> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw nodeErrors.CONFIG_MISSING({ path }, error)
  }
  const config = parseConfig(text, path)
  for (const [option, file] of [
    ['key_file', config.keyFile],
    ['cert_file', config.certFile],
    ['master_ca_file', config.caFile],
  ] as const) {
    if (file === undefined) continue
    await access(file).catch((error) => {
      throw nodeErrors.CONFIG_PATH({ kind: 'File', path: file, option }, error)
    })
  }
  return config
}

/** What a release may count on; `slapos release check` gives it as much. */
const EVALUATION_SECONDS = 10

const REQUIRED = ['computer_id', 'master_url', 'software_root', 'instance_root'] as const
const REFUSED: Readonly<Record<string, string>> = {
  bridge_name: 'partitions have addresses of their own on interface_name',
  no_bridge: 'partitions have addresses of their own on interface_name',
}

/** Pure part of `readConfig`: looks at no file. */
export function parseConfig(text: string, path: string): NodeConfig {
  const sections = parseIni(text, path)
  const slapos = sections['slapos'] ?? {}
  const slapformat = { ...sections['slapformat'] }
  const missing = REQUIRED.filter((option) => slapos[option] === undefined)
  if (missing.length > 0) throw nodeErrors.CONFIG_REQUIRED({ options: missing.join(', '), path })
  const empty = REQUIRED.filter((option) => slapos[option] === '')
  if (empty.length > 0) throw nodeErrors.CONFIG_EMPTY({ options: empty.join(', '), path })
  for (const [option, reason] of Object.entries(REFUSED)) {
    if (option in slapformat || option in slapos) throw nodeErrors.CONFIG_REFUSED({ option, reason, path })
  }
  const s = sectionReader(path, 'slapos', slapos)
  const f = sectionReader(path, 'slapformat', slapformat)
  const [keyFile, certFile] = [s.optional('key_file'), s.optional('cert_file')]
  if ((keyFile === undefined) !== (certFile === undefined)) {
    throw nodeErrors.CONFIG_REQUIRED({ options: keyFile === undefined ? 'key_file' : 'cert_file', path })
  }
  const mode = s.text('mode', 'system')
  if (mode !== 'local' && mode !== 'system') {
    throw nodeErrors.CONFIG_VALUE({
      path,
      section: 'slapos',
      option: 'mode',
      value: mode,
      expected: '"local" or "system"',
    })
  }
  const logs = s.text('log_directory', '/opt/slapos/log')
  const periodicity = s.number('maximum_periodicity', 86_400)
  return {
    path,
    mode,
    computerId: s.text('computer_id', ''),
    masterUrl: normalizeMasterUrl(s.text('master_url', ''), path),
    keyFile,
    certFile,
    caFile: s.optional('master_ca_file'),
    certificateRepository: s.optional('certificate_repository_path'),
    rootCheck: s.boolean('root_check', mode === 'system'),
    maximumPeriodicitySeconds: periodicity < 0 ? undefined : periodicity,
    promiseTimeoutSeconds: s.seconds('promise_timeout', 20),
    partitionTimeoutSeconds: s.seconds('partition_timeout', s.seconds('partition-timeout', EVALUATION_SECONDS)),
    softwareMinFreeBytes: s.bytes('software_min_free_space', '1000M'),
    instanceMinFreeBytes: s.bytes('instance_min_free_space', '1000M'),
    parallelPartitions: s.integer('parallel_partitions', 4, 1, 64),
    partitionLimits: partitionLimits(s),
    paths: {
      configuration: path,
      software: resolve(s.text('software_root', '')),
      instances: resolve(s.text('instance_root', '')),
      logs,
      state: s.text('state_directory', '/var/opt/slapos'),
      runtime: s.text('runtime_directory', join(dirname(logs), 'runtime')),
      computerXml: f.text('computer_xml', '/opt/slapos/slapos.xml'),
    },
    format: formatConfig(f, join(logs, 'slapos-node-format.log')),
    warnings: [...unknownOptions(sections), ...inertOptions(sections)],
  }
}

function partitionLimits(s: SectionReader): NodeConfig['partitionLimits'] {
  const given = (option: string) => s.optional(option) !== undefined
  return {
    ...(given('partition_memory_limit') ? { memoryBytes: s.bytes('partition_memory_limit', '') } : {}),
    ...(given('partition_process_limit') ? { processes: s.integer('partition_process_limit', 0, 1, 4_194_304) } : {}),
    ...(given('partition_cpu_limit') ? { cpus: s.processors('partition_cpu_limit') } : {}),
  }
}

function formatConfig(f: SectionReader, logFile: string): NodeConfig['format'] {
  const partitionAmount = f.integer('partition_amount', 10, 0, 4096)
  const partitionHasIpv6Range = f.boolean('partition_has_ipv6_range', true)
  // A quarter of the numbers is for ranges of partitions.
  const leastShift = partitionHasIpv6Range ? Math.max(2, Math.ceil(Math.log2(4 * (partitionAmount + 1)))) : 2
  return {
    partitionAmount,
    partitionBaseName: f.text('partition_base_name', 'slappart'),
    userBaseName: f.text('user_base_name', 'slapuser'),
    softwareUser: f.text('software_user', 'slapsoft'),
    tapBaseName: f.text('tap_base_name', 'slaptap'),
    interfaceName: f.text('interface_name', 'lo'),
    ipv6Interface: f.optional('ipv6_interface'),
    ipv6PrefixShift: f.integer('ipv6_prefixshift', 16, leastShift, 112),
    partitionHasIpv6Range,
    ipv4LocalNetwork: f.text('ipv4_local_network', '10.0.0.0/16'),
    tapIpv6: f.boolean('tap_ipv6', true),
    tapGatewayInterface: f.text('tap_gateway_interface', ''),
    alterUser: f.boolean('alter_user', true),
    alterNetwork: f.boolean('alter_network', true),
    instanceStorageHome: f.text('instance_storage_home', ''),
    logFile: f.text('log_file', logFile),
  }
}

/** Bare IPv6 hosts get brackets, and the final slash is added. */
export function normalizeMasterUrl(url: string, path: string): string {
  const bare = /^(https?:\/\/)([0-9a-f]*:[0-9a-f]*:[0-9a-f:]*)(\/.*)?$/i.exec(url)
  const fixed = bare ? `${bare[1]}[${bare[2]}]${bare[3] ?? ''}` : url
  const withSlash = fixed.endsWith('/') ? fixed : `${fixed}/`
  if (!URL.canParse(withSlash) || !/^https?:$/.test(new URL(withSlash).protocol)) {
    throw nodeErrors.CONFIG_VALUE({
      path,
      section: 'slapos',
      option: 'master_url',
      value: url,
      expected: 'an http or https URL',
    })
  }
  return withSlash
}

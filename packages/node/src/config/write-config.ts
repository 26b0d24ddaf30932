import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '@slapos/base'

/** What differs from one slapos.cfg to the next; all else has its default. */
export interface ConfigValues {
  readonly mode: 'local' | 'system'
  readonly computerId: string
  readonly masterUrl: string
  readonly keyFile: string
  readonly certFile: string
  readonly caFile?: string
  readonly certificateRepository: string
  readonly softwareRoot: string
  readonly instanceRoot: string
  readonly stateDirectory: string
  readonly runtimeDirectory: string
  readonly logDirectory: string
  readonly computerXml: string
  readonly interfaceName: string
  readonly ipv4LocalNetwork: string
  readonly partitionAmount: number
  readonly createTap: boolean
}

/** The text of a new slapos.cfg: what a person may want to change, each with a word on what it does. */
export function configText(values: ConfigValues): string {
  const text = (value: string) => value.replaceAll('%', '%%')
  return `# Configuration of this SlapOS node. "slapos node register" wrote it; "slapos node format --now" applies changes.
[slapos]
# ${values.mode === 'local' ? 'Everything under one directory, no root needed.' : 'Users and addresses of the machine are managed.'}
mode = ${values.mode}
computer_id = ${text(values.computerId)}
master_url = ${text(values.masterUrl)}

# Who this node is, and whom it trusts.
key_file = ${text(values.keyFile)}
cert_file = ${text(values.certFile)}
${values.caFile ? `master_ca_file = ${text(values.caFile)}\n` : ''}certificate_repository_path = ${text(values.certificateRepository)}

# Built releases, partitions, logs, and the agent's own records.
software_root = ${text(values.softwareRoot)}
instance_root = ${text(values.instanceRoot)}
log_directory = ${text(values.logDirectory)}
state_directory = ${text(values.stateDirectory)}
runtime_directory = ${text(values.runtimeDirectory)}

[slapformat]
computer_xml = ${text(values.computerXml)}
partition_amount = ${values.partitionAmount}
partition_base_name = slappart
user_base_name = slapuser
tap_base_name = slaptap
interface_name = ${text(values.interfaceName)}
# The addresses of the partitions come from here.
ipv4_local_network = ${text(values.ipv4LocalNetwork)}
create_tap = ${values.createTap}
tap_ipv6 = true
`
}

export async function writeConfig(path: string, values: ConfigValues): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o711 })
  await writeFileAtomic(path, configText(values), { mode: 0o644 })
}

/** Where a local node under `prefix` keeps things (docs/architecture.md). */
export function localPaths(prefix: string, runtimeDirectory: string) {
  return {
    configuration: `${prefix}/etc/opt/slapos/slapos.cfg`,
    ssl: `${prefix}/etc/opt/slapos/ssl`,
    softwareRoot: `${prefix}/opt/slapgrid`,
    instanceRoot: `${prefix}/srv/slapgrid`,
    stateDirectory: `${prefix}/var`,
    runtimeDirectory,
    logDirectory: `${prefix}/opt/slapos/log`,
    computerXml: `${prefix}/opt/slapos/slapos.xml`,
  } as const
}

import type { NodeConfig } from '../config/config.ts'
import type { Host, HostLog } from './host.ts'
import { openSystemHost } from './system/system.ts'

/** The host of a node that root rules, as slapos.cfg describes it. */
export function createSystemHost(config: NodeConfig, log: HostLog): Host & { close(): void } {
  const { format, paths } = config
  return openSystemHost({
    paths,
    log,
    interface: format.interfaceName,
    ipv6Interface: format.ipv6Interface ?? format.interfaceName,
    ipv4Network: format.ipv4LocalNetwork,
    softwareUser: format.softwareUser,
    alterNetwork: format.alterNetwork,
    alterUser: format.alterUser,
  })
}

import { existsSync } from 'node:fs'

const programs = ['/usr/bin/unshare', '/usr/bin/nsenter', '/usr/sbin/ip', '/usr/sbin/nft', '/usr/sbin/tc']

/** Why there can be no lab here; undefined when there can. For `test(name, { skip: labUnavailable() ?? false }, ...)`. */
export function labUnavailable(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root: run the tests as root to see this one'
  const missing = programs.find((program) => !existsSync(program))
  return missing && `${missing} is missing: install util-linux, iproute2 and nftables`
}

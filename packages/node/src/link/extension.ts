import type { Capability } from '@slapos/slap'
import { attempt } from './attempt.ts'
import { createClassicLink, type LinkOptions } from './classic.ts'
import type { MasterLink } from './link.ts'
import { ok } from './outcome.ts'

/** Our Master: deltas, events and telemetry; what the extension does not name goes over the classic API. */
export function createExtensionLink(options: LinkOptions, capabilities: readonly Capability[]): MasterLink {
  const { client } = options
  const classic = createClassicLink(options)
  const can = (capability: Capability) => capabilities.includes(capability)
  if (!can('desired')) return classic
  return {
    ...classic,
    kind: 'extension',
    desired: (since) => attempt(() => client.desired(since)),
    slaves: can('slaves')
      ? (partition, since) =>
          attempt(async () => {
            const delta = await client.slaves(partition, since)
            return delta ?? { format: 1, position: since ?? '0:0', full: false, changed: [], removed: [] }
          })
      : classic.slaves,
    publishSlaves: can('slaves')
      ? (partition, publication) => attempt(() => client.publishSlaves(partition, { format: 1, ...publication }))
      : classic.publishSlaves,
    events: can('events') ? (signal) => client.events({ signal }) : () => undefined,
    ...(can('certificate') ? { renewCertificate: (csr: string) => attempt(() => client.renewCertificate(csr)) } : {}),
    ...(can('leave') ? { leave: () => attempt(() => client.leave()) } : {}),
    telemetry: can('telemetry') ? (batch) => attempt(() => client.telemetry(batch)) : async () => ok(undefined),
  }
}

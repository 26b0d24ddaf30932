import { join } from 'node:path'

/** Identity of a service on this node: `slappart7:crond`, `:watchdog` for the node's own. Names hold no colon. */
export type ServiceId = string

export const serviceId = (partition: string, name: string): ServiceId => `${partition}:${name}`
export const loggerId = (id: ServiceId): string => `${id}:log`

/** The scanner's own messages go through a logger like any other; no service can have this name. */
export const SCANNER_LOGGER = '::scanner'

/** Where things are in a supervision directory. */
export interface Layout {
  readonly base: string
  /** What the scanner sees: links to service directories. Made last and removed first. */
  readonly scan: string
  readonly services: string
  /** One record a service, written by its own run and finish. The one directory to watch for changes. */
  readonly state: string
  readonly temporary: string
  readonly logs: string
  readonly runtime: string
  service(id: string): string
  link(id: string): string
  record(id: ServiceId): string
  log(id: ServiceId): string
}

export function layoutOf(base: string): Layout {
  const services = join(base, 'services')
  const scan = join(base, 'scan')
  const state = join(base, 'state')
  const logs = join(base, 'logs')
  return {
    base,
    scan,
    services,
    state,
    logs,
    temporary: join(base, 'tmp'),
    runtime: join(base, 'runtime'),
    service: (id) => join(services, id),
    link: (id) => join(scan, id),
    record: (id) => join(state, id),
    log: (id) => join(logs, id),
  }
}

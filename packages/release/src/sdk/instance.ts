import { isAbsolute, join, relative } from 'node:path'
import type {
  InstanceInput,
  InstancePlan,
  PlannedDirectory,
  PlannedFile,
  PlannedForward,
  PlannedLimits,
  PlannedOneShot,
  PlannedPromise,
  PlannedRequest,
  PlannedService,
  SlaveInput,
} from '../plan.ts'
import { type PromiseBuilder, promiseBuilder } from './promises.ts'
import { deriveSecret } from './secret.ts'
import type { Service } from './service.ts'

export type { InstanceInput, InstancePlan, SlaveInput } from '../plan.ts'
export type { Service } from './service.ts'
export type JsonObject = Readonly<Record<string, unknown>>
export type Connection = Readonly<Record<string, string>>

export interface RequestOptions extends Omit<PlannedRequest, 'title' | 'softwareType' | 'parameters'> {
  /** Default `default`. */
  readonly softwareType?: string
  readonly parameters?: JsonObject
}

export interface ForwardOptions extends Omit<PlannedForward, 'protocol' | 'targetAddress'> {
  /** Default `tcp`. */
  readonly protocol?: 'tcp' | 'udp'
  /** Default: the IPv4 address of the partition. */
  readonly targetAddress?: string
}

/**
 * What a release's function is given: the facts about its instance, and the means to say what shall be there. Whatever
 * an earlier run declared and this one does not is removed. `P` is the type of the parameters, which were validated
 * against the request schema, with its defaults filled in.
 */
export interface Instance<P = JsonObject> extends Omit<InstanceInput, 'format' | 'seed' | 'children' | 'parameters'> {
  readonly parameters: P

  /** Absolute path in the partition, for command lines and configuration files. */
  path(...parts: readonly string[]): string
  /** Absolute path in the built release. */
  release(...parts: readonly string[]): string

  /** A file, rewritten when its content changes. Answers its absolute path. */
  file(path: string, content: string, options?: Omit<PlannedFile, 'path' | 'content'>): string
  /** A directory for data: made when absent, never emptied. Answers its absolute path. */
  directory(path: string, options?: Omit<PlannedDirectory, 'path'>): string
  /** A command that runs before the services, again only when it changed or failed. It must bear a repetition. */
  oneShot(name: string, options: Omit<PlannedOneShot, 'name'>): void
  /** A process in the foreground, kept running. `reads` takes what `file` answered. */
  service(name: string, options: Omit<PlannedService, 'name'>): Service
  readonly promise: PromiseBuilder
  /** A public port of the machine that leads to the partition while the instance is started. */
  forward(options: ForwardOptions): void

  /**
   * Requests another instance. Answers what it published, or null until it has: the function runs again then. What was
   * published as JSON is given as JSON text, key by key.
   */
  request(title: string, options?: RequestOptions): Connection | null
  /** Adds connection parameters, for who requested this instance. */
  publish(connection: JsonObject): void
  publishSlave(slave: string | SlaveInput, connection: JsonObject): void
  /** Tells who requested a slave why it is not served; the others go on. */
  refuseSlave(slave: string | SlaveInput, reason: string): void
  /** Letters and digits that stay the same for the life of the instance; 32 of them by default. */
  secret(name: string, length?: number): string
  /** This service receives the slaves as deltas (see `serveController`); the function does not run for their changes. */
  controller(service: Service): void
  /** What the services may use together at most, where the node can enforce it. Its operator may allow less. */
  limits(limits: PlannedLimits): void
}

type Collected = {
  -readonly [K in keyof InstancePlan]: InstancePlan[K] extends readonly (infer T)[] ? T[] : InstancePlan[K]
}

/** The builder that collects a plan, and the plan that it has collected so far. */
export function buildInstance(input: InstanceInput): { readonly instance: Instance; readonly plan: InstancePlan } {
  const publish: Record<string, unknown> = {}
  const publishSlaves: Record<string, Record<string, unknown>> = {}
  const slaveErrors: Record<string, string> = {}
  const promises: PlannedPromise[] = []
  const plan: Collected = {
    format: 1,
    files: [],
    directories: [],
    oneShots: [],
    services: [],
    promises,
    forwards: [],
    requests: [],
    publish,
    publishSlaves,
    slaveErrors,
  }
  const { format: _format, seed, children, parameters, ...facts } = input
  const inPartition = (path: string) => (isAbsolute(path) ? relative(input.paths.partition, path) : path)
  const withReads = <T extends { reads?: readonly string[] }>(options: T) =>
    options.reads ? { ...options, reads: options.reads.map(inPartition) } : options

  const instance: Instance = {
    ...facts,
    parameters: asObject(parameters),
    path: (...parts) => join(input.paths.partition, ...parts),
    release: (...parts) => join(input.paths.release, ...parts),
    file(path, content, options) {
      plan.files.push({ path: inPartition(path), content, ...options })
      return join(input.paths.partition, inPartition(path))
    },
    directory(path, options) {
      plan.directories.push({ path: inPartition(path), ...options })
      return join(input.paths.partition, inPartition(path))
    },
    oneShot(name, options) {
      plan.oneShots.push({ name, ...withReads(options) })
    },
    service(name, options) {
      const { reload, ...rest } = withReads(options)
      plan.services.push({ name, ...rest, ...(reload ? { reload: withReads(reload) } : {}) })
      return { service: name }
    },
    promise: promiseBuilder((promise) => promises.push(promise)),
    forward({ protocol = 'tcp', targetAddress = input.ipv4, ...options }) {
      plan.forwards.push({ protocol, targetAddress, ...options })
    },
    request(title, { softwareType = 'default', parameters = {}, ...options } = {}) {
      plan.requests.push({ title, softwareType, parameters, ...options })
      const connection = Object.hasOwn(children, title) ? children[title] : null
      return connection ? unfold(connection) : null
    },
    publish(connection) {
      Object.assign(publish, connection)
    },
    publishSlave(slave, connection) {
      const reference = referenceOf(slave)
      publishSlaves[reference] = { ...publishSlaves[reference], ...connection }
    },
    refuseSlave(slave, reason) {
      slaveErrors[referenceOf(slave)] = reason
    },
    secret: (name, length = 32) => deriveSecret(seed, name, length),
    controller({ service }) {
      plan.controller = { service }
    },
    limits(limits) {
      plan.limits = { ...plan.limits, ...limits }
    },
  }
  return { instance, plan }
}

const referenceOf = (slave: string | SlaveInput): string => (typeof slave === 'string' ? slave : slave.reference)

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** Connection parameters of a json-in-xml release stand as one JSON text under `_`. */
function unfold(connection: Connection): Connection {
  const { _: packed, ...rest } = connection
  if (packed === undefined) return connection
  try {
    const entries = Object.entries(asObject(JSON.parse(packed)))
    const texts = entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
    return { ...rest, ...Object.fromEntries(texts) }
  } catch {
    return connection
  }
}

import { isAbsolute, join } from 'node:path'
import type { InstancePlan, PlannedOneShot, PlannedService } from '@slapos/release'
import { bothLimits, type PartitionLimits } from '../supervise/limits.ts'
import type { RunAs, ServiceDefinition } from '../supervise/supervisor.ts'
import { contentHash } from './hash.ts'

/** What a plan does not know of the place where it runs. */
export interface Place {
  readonly partition: string
  readonly directory: string
  readonly runAs: RunAs
  /** Changes when the release is built again: its services then start anew. */
  readonly releaseId: string
  /** Of a release with a controller. */
  readonly controllerSocket: string
  /** The operator's, which no release can exceed. */
  readonly limits: PartitionLimits
}

const ONE_SHOT_SECONDS = 300
const STOP_SECONDS = 10

/** The services of a plan as supervision wants them: one-shots first, in their order. Pure. */
export function serviceDefinitions(plan: InstancePlan, place: Place): readonly ServiceDefinition[] {
  const contents = new Map(plan.files.map((file) => [file.path, contentHash([file.content, file.mode ?? null])]))
  const reads = (paths: readonly string[] | undefined) =>
    (paths ?? []).map((path) => [path, contents.get(path) ?? null])
  const common = (command: PlannedService | PlannedOneShot) => ({
    partition: place.partition,
    name: command.name,
    command: absolute(command.command, place.directory),
    directory: command.in === undefined ? place.directory : join(place.directory, command.in),
    runAs: place.runAs,
    hash: contentHash([place.releaseId, reads(command.reads)]),
    up: true,
  })
  const oneShots = plan.oneShots.map(
    (oneShot): ServiceDefinition => ({
      ...common(oneShot),
      kind: 'one-shot',
      environment: oneShot.environment ?? {},
      stopSignal: 'SIGTERM',
      stopTimeoutMs: STOP_SECONDS * 1000,
      watch: false,
      timeoutMs: (oneShot.timeout ?? ONE_SHOT_SECONDS) * 1000,
    }),
  )
  const services = plan.services.map((service): ServiceDefinition => {
    const controls = plan.controller?.service === service.name
    return {
      ...common(service),
      kind: 'service',
      environment: {
        ...service.environment,
        ...(controls ? { SLAPOS_CONTROLLER_SOCKET: place.controllerSocket } : {}),
      },
      stopSignal: service.stopSignal ?? 'SIGTERM',
      stopTimeoutMs: (service.stopTimeout ?? STOP_SECONDS) * 1000,
      watch: service.watch ?? true,
      ...(service.reload
        ? { reload: { signal: service.reload.signal, hash: contentHash(reads(service.reload.reads)) } }
        : {}),
    }
  })
  return [...oneShots, ...services]
}

/** What a plan asks for, as far as the operator allows it. */
export function limitsOf({ limits = {} }: InstancePlan, allowed: PartitionLimits): PartitionLimits {
  const { memoryMb, ...others } = limits
  return bothLimits({ ...others, ...(memoryMb === undefined ? {} : { memoryBytes: memoryMb * 1024 ** 2 }) }, allowed)
}

/** A path with a slash is relative to the partition; a bare name is looked up by the system. */
function absolute(command: readonly string[], directory: string): readonly string[] {
  const [program = '', ...rest] = command
  return [isAbsolute(program) ? program : join(directory, program), ...rest]
}

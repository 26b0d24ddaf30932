import type { NodeCommand } from '@slapos/slap'
import type { TelemetryService } from '../../telemetry/index.ts'
import type { TelemetryReader } from './telemetry-reader.ts'

/** @param command Tells a connected node something at once. */
export function telemetryOf(
  service: TelemetryService,
  command: (computer: string, command: NodeCommand) => void,
): TelemetryReader {
  const inside = <T extends { readonly partition: string }>(items: Iterable<T> | undefined, partition?: string): T[] =>
    [...(items ?? [])].filter((item) => partition === undefined || item.partition === partition)
  return {
    processes: async (computer, partition) =>
      inside(service.node(computer)?.processes.values(), partition).map((process) => ({
        computer,
        partition: process.partition,
        name: process.name,
        state: process.state,
        pid: process.pid ?? null,
        since: process.since,
        restarts: process.restarts,
      })),
    promises: async (computer, partition) =>
      inside(service.node(computer)?.promises.values(), partition).map((promise) => ({
        computer,
        partition: promise.partition,
        name: promise.name,
        ok: promise.ok,
        message: promise.message,
        checked: promise.checked,
        since: promise.since,
      })),
    usage: async (computer, partition, since) =>
      (await service.usage(computer, partition, since)).map(({ at, cpu, memory, processes }) => ({
        at,
        cpu,
        memory,
        processes,
      })),
    past: (computer, since) => service.past(computer, since),
    logs: (computer, source, offset, limit) => service.logs(computer, source, offset, limit),
    follow(computer, source) {
      if (service.follow(computer, source)) command(computer, { name: 'logs', source, follow: true })
    },
  }
}

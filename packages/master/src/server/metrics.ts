import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { EventHub } from '../events/index.ts'
import type { Store } from '../store/index.ts'

/** Prometheus text (exposition format 0.0.4). */
export function createMetrics(store: Store, events: EventHub): { text(): Promise<string>; close(): void } {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const count = async (table: 'computer' | 'instance' | 'installation') => {
    const row = await store.read
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('live', '=', 1)
      .executeTakeFirst()
    return Number(row?.n ?? 0)
  }
  return {
    async text() {
      const [computers, instances, installations] = await Promise.all([
        count('computer'),
        count('instance'),
        count('installation'),
      ])
      const { user, system } = process.cpuUsage()
      const gauges: readonly (readonly [name: string, help: string, value: number])[] = [
        ['slapos_computers', 'Registered computers', computers],
        ['slapos_instances', 'Living instances and slaves', instances],
        ['slapos_installations', 'Releases supplied on computers', installations],
        ['slapos_event_streams_nodes', 'Connected nodes', events.streams.nodes],
        ['slapos_event_streams_people', 'Connected panels', events.streams.people],
        ['slapos_event_loop_delay_seconds', '99th percentile of the event loop delay', delay.percentile(99) / 1e9],
        ['process_resident_memory_bytes', 'Resident memory', process.memoryUsage.rss()],
        ['process_cpu_seconds_total', 'CPU time', (user + system) / 1e6],
        ['process_uptime_seconds', 'Time since start', process.uptime()],
      ]
      return gauges
        .map(([name, help, value]) => {
          const type = name.endsWith('_total') ? 'counter' : 'gauge'
          return `# HELP ${name} ${help}.\n# TYPE ${name} ${type}\n${name} ${value}\n`
        })
        .join('')
    },
    close: () => delay.disable(),
  }
}

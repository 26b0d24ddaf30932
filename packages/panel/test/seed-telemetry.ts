import { createHash } from 'node:crypto'
import type { Telemetry } from '@slapos/slap'
import { POSTGRES } from './world.ts'

interface Teller {
  tell(batch: Partial<Telemetry>): Promise<unknown>
}

export const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const HOUR = 3_600_000

/** What the node says: services run, one keeps ending, PostgreSQL is being built. */
export async function tellOfParis(paris: Teller, healthy: readonly string[], broken: string): Promise<void> {
  const now = Date.now()
  const up = now - 30 * HOUR
  const [first = ''] = healthy
  const usage = Array.from({ length: 240 }, (_, index) => ({
    partition: '',
    at: now - (240 - index) * 15_000,
    cpu: 0.4 + 0.25 * Math.sin(index / 18) + 0.08 * Math.sin(index * 1.7),
    memoryBytes: (620 + 60 * Math.sin(index / 34)) * 1_048_576,
    processes: 14 + (index > 120 ? 3 : 0),
  }))
  await paris.tell({ usage: dayOf(now, -1) })
  // The shop had its troubles before.
  for (const [hours, ok] of [
    [25, true],
    [9, false],
    [8.4, true],
    [3, false],
    [2.2, true],
  ] as const) {
    const since = now - hours * HOUR
    const message = ok ? 'http://127.10.0.4:8080/ answers 200' : 'connection refused (127.10.0.4:8080)'
    const promise = { partition: broken, name: 'http', ok, message, checked: since, since, durationMs: 2 }
    await paris.tell({ now, promises: [promise] })
  }
  await paris.tell({
    now,
    full: true,
    usage: usage.flatMap((point) => [
      point,
      { ...point, partition: first, processes: 2, memoryBytes: point.memoryBytes / 8, cpu: point.cpu / 6 },
    ]),
    processes: [
      ...healthy.flatMap((partition, index) => [
        { partition, name: 'web', state: 'RUNNING', pid: 27308 + 20 * index, since: up, restarts: 0 } as const,
        { partition, name: 'controller', state: 'RUNNING', pid: 27311 + 20 * index, since: up, restarts: 1 } as const,
      ]),
      { partition: broken, name: 'web', state: 'BACKOFF', since: now - 190_000, exitCode: 1, restarts: 12 },
    ],
    promises: [
      ...healthy.map((partition, index) => ({
        ...{ partition, name: 'http', ok: true, message: `http://127.10.0.${index + 1}:8080/ answers 200` },
        ...{ checked: now - 4000, since: up, durationMs: 4 },
      })),
      {
        ...{ partition: broken, name: 'http', ok: false, message: 'connection refused (127.10.0.4:8080)' },
        ...{ checked: now - 3000, since: now - 180_000, durationMs: 2 },
      },
    ],
    builds: [{ url: POSTGRES, phase: 'apt', step: 1, steps: 2, since: now - 47_000, failed: false, message: '' }],
    partitions: [
      ...healthy.map((partition) => ({ partition, phase: 'deployed', since: up, message: '' }) as const),
      { partition: broken, phase: 'deployed', since: now - 200_000, message: '' },
    ],
    logs: [
      { source: `software/${md5(POSTGRES)}`, offset: 0, lines: BUILD_LOG },
      {
        source: `service/${first}/web`,
        offset: 0,
        lines: ['listening on 127.10.0.1:8080', 'GET / 200 3 ms', 'GET /welcome 200 1 ms'],
      },
      {
        source: 'agent',
        offset: 0,
        lines: ['desired state 1f:1795461234', 'processing slappart0', 'slappart0 deployed'],
      },
    ],
  })
}

/** A measurement each five minutes for a day, until an hour ago; some are missing around `silent` hours ago. */
export function dayOf(now: number, silent: number) {
  return Array.from({ length: 24 * 12 }, (_, index) => now - (index + 12) * 300_000)
    .filter((at) => Math.abs(now - at - silent * HOUR) > 0.6 * HOUR)
    .map((at) => ({ partition: '', at, cpu: 0.3, memoryBytes: 600 * 1_048_576, processes: 14 }))
}

const BUILD_LOG = [
  'Installing software release postgres 1.0.0',
  'step 1 of 2: apt postgresql',
  'Get:1 libpq5 15.8-0+deb12u1 [187 kB]',
  'Get:2 libxml2 2.9.14+dfsg-1.3~deb12u1 [687 kB]',
  'Get:3 libicu72 72.1-3 [9376 kB]',
  'Get:4 postgresql-client-15 15.8-0+deb12u1 [1700 kB]',
  'Get:5 postgresql-15 15.8-0+deb12u1 [16.6 MB]',
  'unpacking libpq5',
  'unpacking libxml2',
  'unpacking libicu72',
  'unpacking postgresql-client-15',
  'unpacking postgresql-15',
]

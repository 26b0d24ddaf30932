import type { PromiseReport } from '@slapos/slap'
import { describeEnd } from '../supervise/describe-end.ts'
import type { ServiceStatus, Supervisor } from '../supervise/supervisor.ts'

const LINES = 20
const NAMED = 5

type Words = Pick<Supervisor, 'status' | 'lastWords'>

/** How a service ended, and the last lines that it wrote. */
export async function serviceTrouble(supervisor: Words, status: ServiceStatus, pid?: number): Promise<string> {
  const words = await supervisor.lastWords(`${status.partition}:${status.name}`, pid).catch(() => '')
  const lines = words.split('\n').slice(-LINES).join('\n')
  return `${status.name}: ${describeEnd(status)}${lines === '' ? '' : `\n${lines}`}`
}

/** The failing promises of a partition, and what its services that do not run said last. */
export async function promiseTrouble(
  supervisor: Words,
  partition: string,
  failing: readonly PromiseReport[],
): Promise<string> {
  const down = supervisor
    .status()
    .filter(({ partition: place, state }) => place === partition && (state === 'BACKOFF' || state === 'FATAL'))
  const services = await Promise.all(down.slice(0, NAMED).map((status) => serviceTrouble(supervisor, status)))
  return [...failing.map(({ name, message }) => `Promise '${name}' failed with output: ${message}`), ...services].join(
    '\n',
  )
}

import type { ServiceStatus } from '../supervise/supervisor.ts'
import type { Outcome } from './check-outcome.ts'

/** The service runs. */
export function checkProcess(name: string, status: ServiceStatus | undefined): Outcome {
  if (status === undefined) return { ok: false, message: `there is no service ${name}` }
  if (status.state === 'RUNNING') return { ok: true, message: `${name} is RUNNING, pid ${status.pid ?? 0}` }
  const end =
    status.exitCode !== undefined
      ? `: it ended with exit code ${status.exitCode}`
      : status.signal !== undefined
        ? `: it was ended by ${status.signal}`
        : ''
  return { ok: false, message: `${name} is ${status.state}${end}` }
}

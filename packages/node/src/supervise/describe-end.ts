import type { ServiceStatus } from './supervisor.ts'

/** How a process ended, as the end of a sentence about it. Pure. */
export function describeEnd({ exitCode, signal }: Pick<ServiceStatus, 'exitCode' | 'signal'>): string {
  if (signal !== undefined) return `it was ended by ${signal}`
  return exitCode === undefined ? 'it left no word of its end' : `it ended with exit code ${exitCode}`
}

/** What every part of the system shares: errors, time, durable files, waiting. It depends on nothing. */
export * from './atomic-file.ts'
export * from './backoff.ts'
export * from './clock.ts'
export * from './csr.ts'
export * from './errors.ts'
export * from './logger.ts'
export * from './mutex.ts'
export * from './versioned-file.ts'

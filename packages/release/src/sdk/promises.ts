import type { PlannedPromise } from '../plan.ts'
import type { Service } from './service.ts'

type Options<K extends PlannedPromise['kind']> = Omit<Extract<PlannedPromise, { kind: K }>, 'name' | 'kind'>

/** Checks that run while the instance is started; a failing one turns its indicator red and restarts nothing. */
export interface PromiseBuilder {
  /** Something accepts connections on this port. */
  tcp(name: string, options: Options<'tcp'>): void
  /** This URL answers with the expected status (200) and text. */
  http(name: string, options: Options<'http'>): void
  /** The service runs. */
  process(name: string, options: Omit<Options<'process'>, 'service'> & Service): void
  /** The command exits with 0; what it prints is the message. */
  command(name: string, options: Options<'command'>): void
}

export function promiseBuilder(add: (promise: PlannedPromise) => void): PromiseBuilder {
  return {
    tcp: (name, options) => add({ ...options, name, kind: 'tcp' }),
    http: (name, options) => add({ ...options, name, kind: 'http' }),
    process: (name, options) => add({ ...options, name, kind: 'process' }),
    command: (name, options) => add({ ...options, name, kind: 'command' }),
  }
}

import type { PlannedPromise } from '@slapos/release'
import type { ServiceStatus } from '../supervise/supervisor.ts'
import { checkCommand } from './check-command.ts'
import { checkHttp } from './check-http.ts'
import type { Outcome, PartitionContext } from './check-outcome.ts'
import { checkProcess } from './check-process.ts'
import { checkTcp } from './check-tcp.ts'

export interface CheckSurroundings {
  /** The service of that name, as the plan names it. */
  service(partition: string, name: string): ServiceStatus | undefined
  readonly userNamespaces: boolean
  /** For a promise that brings no deadline of its own, seconds. */
  readonly timeoutSeconds?: number
}

export const DEFAULT_TIMEOUT_S = 20
/** The end of a long message says most. */
const MESSAGE_LENGTH = 5000

/** Makes one check within its deadline. Never throws: what goes wrong is the outcome. */
export async function check(
  partition: string,
  promise: PlannedPromise,
  context: PartitionContext,
  surroundings: CheckSurroundings,
  stop: AbortSignal,
): Promise<Outcome> {
  const seconds = promise.timeout ?? surroundings.timeoutSeconds ?? DEFAULT_TIMEOUT_S
  const deadline = AbortSignal.timeout(Math.ceil(seconds * 1000))
  const signal = AbortSignal.any([deadline, stop])
  try {
    const { ok, message } = await dispatch(partition, promise, context, surroundings, signal)
    return { ok, message: shorten(message) }
  } catch (error) {
    if (deadline.aborted) return { ok: false, message: `Error: Promise timed out after ${seconds} seconds` }
    return { ok: false, message: shorten(error instanceof Error ? error.message : String(error)) }
  }
}

function dispatch(
  partition: string,
  promise: PlannedPromise,
  context: PartitionContext,
  surroundings: CheckSurroundings,
  signal: AbortSignal,
): Promise<Outcome> | Outcome {
  switch (promise.kind) {
    case 'tcp':
      return checkTcp(promise, signal)
    case 'http':
      return checkHttp(promise, signal)
    case 'process':
      return checkProcess(promise.service, surroundings.service(partition, promise.service))
    case 'command':
      return checkCommand(promise.command, context, surroundings.userNamespaces, signal)
  }
}

export function shorten(message: string): string {
  return message.length > MESSAGE_LENGTH ? `...${message.slice(-MESSAGE_LENGTH)}` : message
}

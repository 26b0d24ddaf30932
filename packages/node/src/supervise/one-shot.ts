import { type Ground, idOf, runOnce, stop } from './actions.ts'
import { fingerprint } from './definition.ts'
import { describeEnd } from './describe-end.ts'
import { lastWords } from './last-words.ts'
import type { ServiceRecord } from './record.ts'
import { signalName } from './signals.ts'
import { observe } from './status.ts'
import type { ServiceChange, ServiceDefinition } from './supervisor.ts'
import { waitUntil } from './wait.ts'

const DEFAULT_TIMEOUT_MS = 300_000
/** SIGTERM, 5 s, SIGKILL, and what `finish` needs. */
const GRACE_MS = 45_000

/** Runs a one-shot unless this very content completed before. Undefined: there was nothing to do. */
export async function runOneShot(
  ground: Ground,
  definition: ServiceDefinition,
  signal?: AbortSignal,
): Promise<ServiceChange | undefined> {
  const before = observe(ground.layout, definition)
  if (!definition.up || isComplete(definition, before.record)) return undefined
  // It may run already: an agent before us started it, and did not live to see its end.
  const ended = (now = observe(ground.layout, definition)) =>
    now.recorded !== before.recorded && now.record?.phase === 'ended'
  await runOnce(ground, definition)
  try {
    const time = (definition.timeoutMs ?? DEFAULT_TIMEOUT_MS) + GRACE_MS
    if (!(await waitUntil(ended, time, ground.clock, signal))) await stop(ground, definition, true)
  } catch (error) {
    await stop(ground, definition, true) // aborted
    throw error
  }
  const { record } = observe(ground.layout, definition)
  if (isComplete(definition, record)) return { name: definition.name, action: 'completed' }
  const log = await lastWords(ground.layout.log(idOf(definition)), ground.clock, record?.pid)
  return { name: definition.name, action: 'failed', message: `${describe(definition, record)}\n${log}`.trimEnd() }
}

function isComplete(definition: ServiceDefinition, record: ServiceRecord | undefined): boolean {
  return record?.phase === 'ended' && record.generation === fingerprint(definition) && record.exitCode === 0
}

function describe({ timeoutMs }: ServiceDefinition, record: ServiceRecord | undefined): string {
  // `timeout` says 124 when it ended the command, and 137 when it had to kill it.
  if (timeoutMs !== undefined && (record?.exitCode === 124 || record?.exitCode === 137)) {
    return `it did not end within ${timeoutMs / 1000} s`
  }
  const { exitCode, signal } = record ?? {}
  return describeEnd({
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal: signalName(signal) }),
  })
}

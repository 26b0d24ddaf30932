import { type Ground, idOf, runOnce, stop } from './actions.ts'
import { fingerprint } from './definition.ts'
import { tailLog } from './logs.ts'
import type { ServiceRecord } from './record.ts'
import { signalName } from './signals.ts'
import { observe } from './status.ts'
import type { ServiceChange, ServiceDefinition } from './supervisor.ts'
import { waitUntil } from './wait.ts'

const DEFAULT_TIMEOUT_MS = 300_000
/** SIGTERM, 5 s, SIGKILL, and what `finish` needs. */
const GRACE_MS = 45_000
/** How long the log of a failure is waited for: the logger may just be starting anew. */
const LOGGER_MS = 2000
/** What `finish` says last. */
const END_LINE = / slapos: process \d+ ended$/

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
  const log = await completeLog(ground, definition, record)
  return { name: definition.name, action: 'failed', message: `${describeEnd(definition, record)}\n${log}`.trimEnd() }
}

/** The last lines of this run, once the logger has written them all: it has when it wrote the one that ends a run. */
async function completeLog(
  ground: Ground,
  definition: ServiceDefinition,
  record: ServiceRecord | undefined,
): Promise<string> {
  const patience = ground.clock.monotonic() + LOGGER_MS
  for (;;) {
    const lines = (await tailLog(ground.layout.log(idOf(definition)), 1600)).trimEnd().split('\n')
    const complete = lines.at(-1)?.endsWith(` slapos: process ${record?.pid} ended`) === true
    if (complete) lines.pop()
    if (complete || ground.clock.monotonic() >= patience) {
      return lines.slice(lines.findLastIndex((line) => END_LINE.test(line)) + 1).join('\n')
    }
    await ground.clock.sleep(10)
  }
}

function isComplete(definition: ServiceDefinition, record: ServiceRecord | undefined): boolean {
  return record?.phase === 'ended' && record.generation === fingerprint(definition) && record.exitCode === 0
}

function describeEnd({ timeoutMs }: ServiceDefinition, record: ServiceRecord | undefined): string {
  if (record?.signal !== undefined) return `it was ended by ${signalName(record.signal)}`
  // `timeout` says 124 when it ended the command, and 137 when it had to kill it.
  if (timeoutMs !== undefined && (record?.exitCode === 124 || record?.exitCode === 137)) {
    return `it did not end within ${timeoutMs / 1000} s`
  }
  return record?.exitCode === undefined ? 'it left no word of its end' : `it ended with exit code ${record.exitCode}`
}

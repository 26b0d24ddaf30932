import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { titleOf } from './definition.ts'
import { type Layout, serviceId } from './layout.ts'
import { parseRecord, type ServiceRecord } from './record.ts'
import { isSupervised } from './s6-control.ts'
import { parseS6Status, type S6Status } from './s6-status.ts'
import { signalName } from './signals.ts'
import type { ServiceDefinition, ServiceStatus } from './supervisor.ts'

/** Everything that is known of one service, as read from its small files. */
export interface Observation {
  readonly s6: S6Status | undefined
  readonly record: ServiceRecord | undefined
  /** When the record was written, wall clock, milliseconds. */
  readonly recorded: number
  /** The file `down` is there. */
  readonly heldDown: boolean
}

export function observe(layout: Layout, definition: ServiceDefinition): Observation {
  const id = serviceId(definition.partition, definition.name)
  const service = layout.service(id)
  const status = readOptional(join(service, 'supervise/status'))
  const record = readOptional(layout.record(id))
  return {
    // A status that nobody keeps is the last word of the dead.
    s6: status && isSupervised(service) ? parseS6Status(status) : undefined,
    record: record && parseRecord(record.toString('utf8')),
    recorded: record ? (statSync(layout.record(id), { throwIfNoEntry: false })?.mtimeMs ?? 0) : 0,
    heldDown: existsSync(join(service, 'down')),
  }
}

/** The state that people see, from what was observed. Pure. */
export function judge(definition: ServiceDefinition, { s6, record, recorded, heldDown }: Observation): ServiceStatus {
  const { partition, name, kind, watch } = definition
  const wanted = kind === 'one-shot' ? definition.up : !heldDown
  const base = { partition, name, title: titleOf(definition), kind, watch, wanted, restarts: record?.restarts ?? 0 }
  const end = {
    ...(record?.exitCode === undefined ? {} : { exitCode: record.exitCode }),
    ...(record?.signal === undefined ? {} : { signal: signalName(record.signal) }),
  }
  const up = s6 !== undefined && s6.pid !== 0 && !s6.finishing
  if (up) {
    const ours = record !== undefined && record.pid === s6.pid
    const stopping = !s6.wantedUp && kind === 'service'
    if (stopping) return { ...base, state: 'STOPPING', pid: s6.pid, since: s6.since }
    // Its prologue has not come to the record yet: a fence at work, or a start this very moment.
    if (!ours) return { ...base, state: 'STARTING', pid: s6.pid, since: s6.since }
    if (record.phase === 'backoff') {
      return { ...base, ...end, state: 'BACKOFF', since: recorded, retryAt: recorded + record.delay * 1000 }
    }
    return { ...base, state: 'RUNNING', pid: s6.pid, since: recorded }
  }
  if (record === undefined) return { ...base, state: wanted && kind === 'service' ? 'STARTING' : 'STOPPED', since: 0 }
  // Its supervise died, and the fence has not run yet (or it is a one-shot that nobody waits for any more).
  if (record.phase !== 'ended') {
    return { ...base, state: wanted && kind === 'service' ? 'STARTING' : 'EXITED', since: recorded }
  }
  const over = { ...base, ...end, since: recorded }
  if (kind === 'one-shot') return { ...over, state: 'EXITED' }
  if (!wanted || (record.asked && s6 === undefined)) return { ...over, state: 'STOPPED' }
  // Between two tries. 126 and 127 are the shell's words for a command that could not be executed at all.
  if (record.asked) return { ...over, state: 'STARTING' }
  return { ...over, state: record.exitCode === 126 || record.exitCode === 127 ? 'FATAL' : 'BACKOFF' }
}

function readOptional(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/**
 * Indicators: colour, word, reason and since, from facts. Pure, and the only place that decides on colours. A fresh
 * node is green below 3.6 minutes without contact, red above 7.2 (master-model: access status).
 */
import type { InstanceState, ReleaseState } from '@slapos/slap'
import type { Status } from '../api/panel/schemas/index.ts'

const LATE_MS = 216_000
const LOST_MS = 432_000

export interface Reported {
  readonly text: string
  readonly since: number
  readonly detail: string
}

export interface ComputerFacts {
  readonly name: string
  readonly contact: number | null
  /** Text of a status other than `#access`. */
  readonly trouble: string
  /** Processes that keep failing. */
  readonly failing: readonly string[]
  readonly now: number
}

export function computerStatus({ name, contact, trouble, failing, now }: ComputerFacts): Status {
  if (contact === null) {
    return status('grey', 'never seen', `${name} has not contacted the Master yet`, null)
  }
  const silence = now - contact
  if (silence > LOST_MS) return status('red', 'lost', `no contact since ${minutes(silence)}`, contact)
  if (silence > LATE_MS) return status('yellow', 'late', `no contact since ${minutes(silence)}`, contact)
  if (trouble !== '') return status('red', 'in trouble', trouble, contact)
  const [first] = failing
  if (first !== undefined) {
    const others = failing.length > 1 ? ` and ${failing.length - 1} more` : ''
    return status('yellow', 'failing process', `${first}${others} keeps failing`, contact)
  }
  return status('green', 'connected', '', contact)
}

export interface InstallationFacts {
  readonly desired: ReleaseState
  readonly requested: number
  readonly reported: Reported | undefined
  readonly build:
    | { phase: string; step: number; steps: number; since: number; failed: boolean; message: string }
    | undefined
  readonly computer: Status
}

export function installationStatus({ desired, requested, reported, build, computer }: InstallationFacts): Status {
  if (desired === 'destroyed') return status('grey', 'removing', 'the server removes it', reported?.since ?? requested)
  const text = reported?.text ?? ''
  if (text.startsWith('#access')) return status('green', 'available', '', reported?.since ?? null)
  if (build?.failed) return status('red', 'failed', firstLine(build.message), build.since)
  if (text.startsWith('#error')) return status('red', 'failed', said(text), reported?.since ?? null)
  if (computer.color === 'red' || computer.color === 'grey') {
    return status('yellow', 'waiting', `the server must build it, but ${computer.reason}`, requested)
  }
  if (build) {
    const progress = build.steps > 0 ? `${build.phase}, step ${build.step} of ${build.steps}` : build.phase
    return status('yellow', 'building', progress, build.since)
  }
  if (text.startsWith('#building')) return status('yellow', 'building', '', reported?.since ?? null)
  return status('yellow', 'waiting', 'the server has not begun to build it', requested)
}

export interface InstanceFacts {
  readonly desired: InstanceState
  readonly shared: boolean
  readonly created: number
  readonly placed: boolean
  readonly waiting: readonly string[]
  readonly waitingSince: number | null
  readonly reported: Reported | undefined
  readonly published: boolean
  readonly computer: Status | undefined
  readonly computerName: string
  readonly phase: { phase: string; since: number; message: string } | undefined
  readonly brokenPromises: readonly { name: string; message: string; since: number }[]
  readonly failing: readonly { name: string; since: number }[]
}

export function instanceStatus(facts: InstanceFacts): Status {
  const { desired, reported, computer, computerName, created } = facts
  if (desired === 'destroyed') {
    return facts.placed
      ? status('grey', 'destroying', `waiting for ${computerName} to remove its data`, reported?.since ?? created)
      : status('grey', 'destroyed', '', reported?.since ?? created)
  }
  if (!facts.placed) {
    const reason = facts.waiting[0] ?? 'no server was tried yet'
    return status(desired === 'stopped' ? 'grey' : 'yellow', 'waiting', reason, facts.waitingSince ?? created)
  }
  if (computer && (computer.color === 'red' || computer.word === 'never seen')) {
    return status('red', 'unknown', `its server ${computerName}: ${computer.reason}`, computer.since)
  }
  return facts.shared ? slaveStatus(facts) : placedStatus(facts)
}

function slaveStatus({ desired, reported, published, created, computerName }: InstanceFacts): Status {
  if (desired === 'stopped') return status('grey', 'stopped', '', reported?.since ?? created)
  if (reported?.text.startsWith('#error')) return status('red', 'refused', said(reported.text), reported.since)
  if (published) return status('green', 'served', '', reported?.since ?? created)
  return status('yellow', 'waiting', `its host on ${computerName} has not answered yet`, created)
}

function placedStatus(facts: InstanceFacts): Status {
  const { desired, reported, phase, computerName, created } = facts
  const text = reported?.text ?? ''
  const since = reported?.since ?? created
  if (text.startsWith('#error')) {
    return status('red', desired === 'stopped' ? 'failing to stop' : 'failing', said(text), since)
  }
  if (phase?.phase === 'failed') return status('red', 'failing', firstLine(phase.message), phase.since)
  if (desired === 'stopped') {
    return / stopped$|correctly stopped/.test(text) || phase?.phase === 'stopped'
      ? status('grey', 'stopped', '', since)
      : status('yellow', 'stopping', `waiting for ${computerName}`, since)
  }
  if (phase?.phase === 'waiting-release') {
    return status('yellow', 'waiting', phase.message || `${computerName} builds its software first`, phase.since)
  }
  const [broken, ...more] = facts.brokenPromises
  if (broken) {
    const others = more.length > 0 ? ` (and ${more.length} more)` : ''
    return status('red', 'unhealthy', `${broken.name}: ${broken.message}${others}`, broken.since)
  }
  const [failing] = facts.failing
  if (failing) return status('yellow', 'failing process', `${failing.name} keeps failing`, failing.since)
  if (phase?.phase === 'processing') return status('yellow', 'processing', phase.message, phase.since)
  if (!text.startsWith('#access'))
    return status('yellow', 'starting', `waiting for the first report of ${computerName}`, created)
  if (/stopped/.test(text) && phase?.phase !== 'deployed') {
    return status('yellow', 'starting', `waiting for ${computerName}`, since)
  }
  return status('green', 'running', '', phase?.phase === 'deployed' ? phase.since : since)
}

const SEVERITY: Readonly<Record<Status['color'], number>> = { grey: 0, green: 1, yellow: 2, red: 3 }

/** A whole is as bad as its worst part; the reason names the part. */
export function worst(parts: readonly { readonly title: string; readonly status: Status }[], none: Status): Status {
  let found = parts[0]
  for (const part of parts) {
    if (found && SEVERITY[part.status.color] > SEVERITY[found.status.color]) found = part
  }
  if (!found) return none
  const named = parts.length > 1 && found !== parts[0] ? `${found.title}: ${found.status.reason}` : found.status.reason
  return { ...found.status, reason: named.replace(/: $/, '') }
}

export const status = (color: Status['color'], word: string, reason: string, since: number | null): Status => ({
  color,
  word,
  reason,
  since,
})

/** `#error text` without its prefix. */
const said = (text: string) => firstLine(text.replace(/^#\w+ ?/, ''))
const firstLine = (text: string) => (text.trim().split('\n', 1)[0] ?? '').slice(0, 300)
const minutes = (ms: number) =>
  ms < 3_600_000
    ? `${Math.round(ms / 60_000)} minutes`
    : ms < 172_800_000
      ? `${Math.round(ms / 3_600_000)} hours`
      : `${Math.round(ms / 86_400_000)} days`

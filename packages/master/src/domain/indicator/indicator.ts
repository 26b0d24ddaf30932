import { NO_DATA_5_MS, NO_DATA_15_MS } from '@slapos/slap'

/** What every screen shows of a thing: computed here and nowhere else. */
export interface Indicator {
  /** Blue: under way, and nobody has to do anything. */
  readonly colour: 'green' | 'blue' | 'yellow' | 'red' | 'grey'
  readonly word: string
  /** One sentence; empty when there is nothing to explain. */
  readonly reason: string
  /** Wall clock, milliseconds; null when it never was otherwise. */
  readonly since: number | null
}

/** The last report about something, as kept. */
export interface Reported {
  readonly text: string
  /** The full message of an error; may be empty. */
  readonly detail: string
  readonly at: number
  readonly since: number
}

export const indicator = (
  colour: Indicator['colour'],
  word: string,
  reason: string,
  since: number | null,
): Indicator => ({ colour, word, reason, since })

/** What an error says, without the prefix that the wire needs. */
export const explanation = ({ text, detail }: Reported): string =>
  detail !== '' ? detail : text.replace(/^#(error|access|building)\s*/, '')

export interface ComputerFacts {
  readonly status: Reported | undefined
  readonly scope: string
  readonly createdAt: number
  readonly now: number
}

/** A node: is it in touch, and does it complain. */
export function computerIndicator({ status, scope, createdAt, now }: ComputerFacts): Indicator {
  if (!status) return indicator('grey', 'Never seen', 'the node has not contacted the Master yet', createdAt)
  const age = now - status.at
  if (status.text.startsWith('#error')) return indicator('red', 'Error', explanation(status), status.since)
  if (age > NO_DATA_15_MS) {
    const reason = `no contact for ${duration(age)}`
    if (scope === 'close/maintenance') return indicator('grey', 'In maintenance', reason, status.at)
    return indicator('red', 'Lost', reason, status.at)
  }
  if (age > NO_DATA_5_MS) return indicator('yellow', 'Late', `no contact for ${duration(age)}`, status.at)
  return indicator('green', 'Connected', '', status.since)
}

export interface InstallationFacts {
  readonly desired: 'available' | 'destroyed'
  readonly status: Reported | undefined
  readonly createdAt: number
  readonly computer: Indicator
  /** What the node builds now, when it says so: `step 2 of 4: npm`. */
  readonly phase: string | undefined
}

/** A release on a node. */
export function installationIndicator(facts: InstallationFacts): Indicator {
  const { desired, status, createdAt, computer, phase } = facts
  if (desired === 'destroyed') {
    return indicator(
      unreachable(computer) ? 'grey' : 'blue',
      'Removing',
      waitsFor(computer),
      status?.since ?? createdAt,
    )
  }
  if (!status) {
    const reason = unreachable(computer) ? waitsFor(computer) : 'the node has not begun yet'
    return indicator(unreachable(computer) ? 'grey' : 'blue', 'Requested', reason, createdAt)
  }
  if (status.text.startsWith('#building')) return indicator('blue', 'Building', phase ?? '', status.since)
  if (status.text.startsWith('#error')) return indicator('red', 'Failed', explanation(status), status.since)
  return indicator('green', 'Available', '', status.since)
}

export const unreachable = (computer: Indicator): boolean =>
  computer.colour === 'red' || computer.word === 'Never seen' || computer.word === 'In maintenance'

const waitsFor = (computer: Indicator): string =>
  unreachable(computer) ? `waits for the node: ${computer.reason}` : ''

/** `40 s`, `12 min`, `5 h`, `3 days`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

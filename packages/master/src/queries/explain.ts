import type { Status } from '../api/panel/schemas/index.ts'

/** An instance as one sentence needs it. */
export interface Explained {
  readonly title: string
  readonly desired: 'started' | 'stopped' | 'destroyed'
  readonly status: Status
  /** The node of its partition. */
  readonly computer: string | null
  readonly releaseUrl: string
}

export interface ExplainedPart {
  readonly title: string
  readonly reference: string
  readonly computer: string | null
  readonly status: Status
}

/** One paragraph on a service: what is so, since when, why, and what to do. */
export function explainService(service: Explained, instances: readonly ExplainedPart[], now: number): string {
  const ill = instances.filter(({ status }) => ILL.has(status.color))
  if (instances.length < 2 || ill.length === 0) {
    return paragraph(`${service.title} ${clause(service.status, service.computer, now)}`, adviceFor(service))
  }
  const told = ill.slice(0, MOST_PARTS).map((part) => `${part.title} (${part.reference}) ${clauseOf(part, now)}`)
  const rest = ill.length > MOST_PARTS ? `; and ${ill.length - MOST_PARTS} more` : ''
  return paragraph(
    `${service.title} was asked to be ${service.desired}, but ${ill.length} of its ${instances.length} instances ${ill.length === 1 ? 'is' : 'are'} not well: ${told.map(withoutStop).join('; ')}${rest}`,
    adviceFor(service),
  )
}

/** One paragraph on a node. */
export function explainServer(title: string, computer: string, status: Status, now: number): string {
  const name = `${title} (${computer})`
  switch (status.word) {
    case 'Never seen':
      return paragraph(
        `${name} has not contacted the Master yet`,
        'Paste the line of its token on the machine, then run `slapos node format --now` there.',
      )
    case 'Connected':
      return paragraph(`${name} has been connected${lasting(status, now)}`, NOTHING)
    case 'Late':
    case 'Lost':
      return paragraph(
        `${name} is ${status.word.toLowerCase()}: ${brief(status.reason)}`,
        'Look whether the machine is on and reaches the Master; `slapos node status` on it says more. Its services go on running meanwhile.',
      )
    default:
      return paragraph(
        `${name}: ${status.word.toLowerCase()}${lasting(status, now)}${because(status)}`,
        status.color === 'yellow' ? 'Open its processes to see which one and why.' : '',
      )
  }
}

const ILL: ReadonlySet<Status['color']> = new Set(['red', 'yellow', 'blue'])
const MOST_PARTS = 5
/** Letters of a reason: a build may have failed with pages of output. */
const MOST_LETTERS = 400
const NOTHING = 'There is nothing to do.'

const clauseOf = ({ status, computer }: ExplainedPart, now: number) => clause(status, computer, now)

/** What follows the name of an instance. */
function clause(status: Status, computer: string | null, now: number): string {
  const lasts = lasting(status, now)
  const on = computer === null ? '' : ` on ${computer}`
  const reason = brief(status.reason)
  switch (status.word) {
    case 'Started':
      // Since when: of its deployment. Its processes may have been restarted since, and the node has not said so.
      return `is running${on}, as asked; it has been deployed${lasts}, and nothing that is checked fails`
    case 'Served':
      return `has been served by its host${lasts}`
    case 'Stopped':
      return `has been stopped${lasts}, as asked${because(status)}`
    case 'Starting':
      return `has been starting${on}${lasts}`
    case 'Stopping':
      return `has been stopping${on}${lasts}`
    case 'Destroying':
      return `is being removed${computer === null ? '' : ` from ${computer}`}${because(status)}`
    case 'Waiting for a place':
    case 'Waiting for its release':
    case 'Waiting for its host':
      return `has been ${status.word.toLowerCase()}${lasts}${because(status)}`
    case 'Failing to start':
    case 'Failing to stop':
      return `has been ${status.word.toLowerCase()}${on}${lasts}${because(status)}`
    case 'Failing':
      return `is deployed${on}, but has been unhealthy${lasts}${because(status)}`
    case 'Unreachable':
      return `cannot be seen, because its node${computer === null ? '' : ` ${computer}`} is out of reach: ${reason.replace(/^its node: /, '')}`
    case 'Refused by its host':
      return `has been refused by its host${lasts}${because(status)}`
    default:
      return `is ${status.word.toLowerCase()}${lasts}${because(status)}`
  }
}

function adviceFor({ status, releaseUrl }: Explained): string {
  if (status.color === 'green') return NOTHING
  switch (status.word) {
    case 'Stopped':
      return 'Request it with state started to run it again.'
    case 'Waiting for a place':
      return /lacks|release|software/.test(status.reason)
        ? `Supply ${releaseUrl} to a server: it is placed by itself then.`
        : 'It is placed by itself as soon as a server fits.'
    case 'Waiting for its release':
      return status.color === 'red'
        ? 'The build is tried again by itself; when the release is at fault, mend it or request another one.'
        : GOES_ON
    case 'Waiting for its host':
    case 'Starting':
    case 'Stopping':
    case 'Destroying':
      return GOES_ON
    case 'Failing':
      return 'Its promises and logs show what is wrong; it is neither rebuilt nor restarted for that.'
    case 'Failing to start':
    case 'Failing to stop':
      return 'The node tries again by itself; the log of the instance has the whole message.'
    case 'Unreachable':
      return 'Look whether the machine is on and reaches the Master; what runs there goes on running.'
    case 'Refused by its host':
      return 'Correct the parameters and request it again.'
    default:
      return ''
  }
}

const GOES_ON = 'It goes on by itself.'
const because = ({ reason }: Status): string => (reason === '' ? '' : `: ${brief(reason)}`)

/** On one line, and not longer than a person reads. */
function brief(reason: string): string {
  const line = reason.replaceAll(/\s+/g, ' ').trim()
  return line.length <= MOST_LETTERS ? line : `${line.slice(0, MOST_LETTERS - 1)}…`
}

const withoutStop = (text: string): string => text.replace(/\.$/, '')

const paragraph = (...parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`))
    .join(' ')

/** ` for 9 minutes`; empty when it is only now so. */
function lasting({ since }: Status, now: number): string {
  if (since === null) return ''
  const seconds = Math.round((now - since) / 1000)
  if (seconds < 2) return ' for a moment'
  if (seconds < 90) return ` for ${seconds} seconds`
  if (seconds < 5400) return ` for ${counted(seconds / 60, 'minute')}`
  if (seconds < 172_800) return ` for ${counted(seconds / 3600, 'hour')}`
  return ` for ${counted(seconds / 86_400, 'day')}`
}

const counted = (value: number, unit: string): string =>
  Math.round(value) === 1 ? `one ${unit}` : `${Math.round(value)} ${unit}s`

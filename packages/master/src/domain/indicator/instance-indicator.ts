import type { InstanceState } from '@slapos/slap'
import { explanation, type Indicator, indicator, type Reported, unreachable } from './indicator.ts'

export interface InstanceFacts {
  readonly desired: InstanceState
  readonly shared: boolean
  readonly createdAt: number
  /** Undefined: it has no partition. */
  readonly computer: Indicator | undefined
  /** Why it has none, and since when. */
  readonly waiting: readonly string[]
  readonly waitingSince: number | null
  readonly status: Reported | undefined
  /** The word of the last report: `started`, `stopped`, or empty. */
  readonly reportedState: string
  /** Of a slave: its host published something for it. */
  readonly published: boolean
  /** The release on its node, when it is not available yet. */
  readonly installation: Indicator | undefined
  readonly failingPromises: readonly { readonly name: string; readonly message: string; readonly since: number }[]
  /** Processes that should run and do not, with their state. */
  readonly failingProcesses: readonly { readonly name: string; readonly state: string; readonly since: number }[]
}

/** An instance or a slave. Deployed is not healthy: what its promises say counts beside what the node did. */
export function instanceIndicator(facts: InstanceFacts): Indicator {
  const { desired, computer, status, createdAt } = facts
  if (desired === 'destroyed')
    return indicator('grey', 'Destroying', unreachableReason(computer), status?.since ?? createdAt)
  if (computer === undefined) return unplaced(facts)
  if (unreachable(computer)) return indicator('red', 'Unreachable', `its node: ${computer.reason}`, computer.since)
  if (facts.shared) return slaveIndicator(facts)
  if (status?.text.startsWith('#error')) {
    return indicator(
      'red',
      desired === 'stopped' ? 'Failing to stop' : 'Failing to start',
      explanation(status),
      status.since,
    )
  }
  if (desired === 'stopped') return stopping(facts)
  if (!status || facts.reportedState !== 'started') return starting(facts)
  return running(facts, status)
}

function unplaced({ desired, waiting, waitingSince, createdAt }: InstanceFacts): Indicator {
  const since = waitingSince ?? createdAt
  if (desired === 'stopped') return indicator('grey', 'Stopped', 'it has no partition yet', since)
  return indicator('yellow', 'Waiting for a place', waiting.join('; '), since)
}

function stopping({ status, reportedState, createdAt }: InstanceFacts): Indicator {
  if (status && reportedState === 'stopped') return indicator('grey', 'Stopped', '', status.since)
  return indicator('blue', 'Stopping', '', status?.since ?? createdAt)
}

function starting({ installation, status, createdAt }: InstanceFacts): Indicator {
  const since = status?.since ?? createdAt
  if (!installation || installation.colour === 'green') return indicator('blue', 'Starting', '', since)
  const reason = [BUILD[installation.word] ?? installation.word, installation.reason].filter(Boolean).join(': ')
  return indicator(installation.colour === 'red' ? 'red' : 'blue', 'Waiting for its release', reason, since)
}

/** What the state of its release means for an instance. */
const BUILD: Readonly<Record<string, string>> = {
  Requested: 'it is not built yet',
  Building: 'it is being built',
  Failed: 'its build failed',
  Removing: 'it is being removed',
}

/** What a process does that should run. */
const NOT_RUNNING: Readonly<Record<string, string>> = {
  BACKOFF: 'keeps ending and is started again',
  FATAL: 'ended too often and is no longer started',
  EXITED: 'has ended',
  STOPPED: 'is stopped',
}

function running({ failingPromises, failingProcesses }: InstanceFacts, status: Reported): Indicator {
  const [process] = failingProcesses
  const [promise] = failingPromises
  if (process) return indicator('red', 'Failing', notRunning(process), process.since)
  if (promise) {
    const more = failingPromises.length > 1 ? ` (and ${failingPromises.length - 1} more)` : ''
    return indicator('red', 'Failing', `${promise.name}: ${promise.message}${more}`, promise.since)
  }
  return indicator('green', 'Started', '', status.since)
}

const notRunning = ({ name, state }: InstanceFacts['failingProcesses'][number]): string =>
  `the process ${name} ${NOT_RUNNING[state] ?? `is ${state.toLowerCase()}`}`

/** Nodes never report slaves: their host speaks for them. */
function slaveIndicator({ desired, status, published, createdAt }: InstanceFacts): Indicator {
  if (status?.text.startsWith('#error'))
    return indicator('red', 'Refused by its host', explanation(status), status.since)
  if (desired === 'stopped') return indicator('grey', 'Stopped', '', status?.since ?? createdAt)
  if (published) return indicator('green', 'Served', '', status?.since ?? createdAt)
  return indicator('blue', 'Waiting for its host', 'the host has not published anything for it yet', createdAt)
}

const unreachableReason = (computer: Indicator | undefined): string =>
  computer && unreachable(computer) ? `waits for its node: ${computer.reason}` : ''

/** A service: the sum of its instances. Those that are meant to be stopped or gone do not count against it. */
export function serviceIndicator(
  desired: InstanceState,
  instances: readonly (Indicator & { readonly title: string })[],
): Indicator {
  const of = (colour: Colour) => instances.filter((instance) => instance.colour === colour)
  const byColour = mapColours(of)
  const counts = mapColours((colour) => byColour[colour].length)
  const telling = TELLING_FIRST.flatMap((colour) => byColour[colour])[0]
  if (!telling) return indicator('grey', desired === 'destroyed' ? 'Destroyed' : 'Empty', '', null)
  return sumIndicator(counts, telling)
}

export type Colour = Indicator['colour']
export type ColourCounts = Readonly<Record<Colour, number>>

/** Which instance speaks for all: the first of the worst colour that there is. */
export const TELLING_FIRST: readonly Colour[] = ['red', 'yellow', 'blue', 'green', 'grey']

export const mapColours = <T>(of: (colour: Colour) => T): Readonly<Record<Colour, T>> => ({
  ...{ red: of('red'), yellow: of('yellow'), blue: of('blue') },
  ...{ green: of('green'), grey: of('grey') },
})

/** The sum of so many instances of each colour; `telling` is one of the worst. */
export function sumIndicator(counts: ColourCounts, telling: Indicator & { readonly title: string }): Indicator {
  const { red, yellow, blue, green, grey } = counts
  const all = red + yellow + blue + green + grey
  const unsettled = red + yellow + blue
  if (unsettled === 0) return indicator(green > 0 ? 'green' : 'grey', telling.word, '', telling.since)
  // A service of one instance needs no name for it: the reader knows which service he looks at.
  const name = all === 1 ? '' : telling.title
  const reason = [name, telling.reason].filter(Boolean).join(': ')
  const others = unsettled - 1
  const full = others > 0 ? `${reason} (and ${others} more)` : reason
  const colour = red > 0 && red === all - grey ? 'red' : red + yellow > 0 ? 'yellow' : 'blue'
  return indicator(colour, telling.word, full, telling.since)
}

import type { Clock, Logger } from '@slapos/base'
import { messageOf } from '@slapos/base'
import { type NodeCommand, type Position, parsePosition } from '@slapos/slap'
import type { Caller, Change, Cloud } from '../domain/cloud.ts'
import { masterErrors } from '../errors.ts'
import type { TelemetryService } from '../telemetry/index.ts'
import type { Concerned } from './concerned.ts'
import type { Hint } from './hint.ts'
import { nodeCommand, nodeItem } from './node-items.ts'
import { panelItem } from './panel-items.ts'
import { EventStream, type Item, type Output } from './stream.ts'
import type { PersonCaller, Visibility } from './visibility.ts'

export interface EventHubOptions {
  readonly cloud: Pick<Cloud, 'epoch' | 'onChange' | 'changesSince' | 'position' | 'limits'>
  readonly telemetry: TelemetryService
  readonly visibility: Visibility
  readonly concerned: (hint: Hint) => Promise<readonly Concerned[] | undefined>
  readonly clock: Clock
  readonly logger: Logger
}

/** Who may have streams. */
export type StreamCaller = Extract<Caller, { kind: 'computer' | 'person' }>

export interface EventHub {
  /** A change that was committed beside the domain (certificates, tokens). */
  announce(change: Change): void
  /** How many streams this node or person may have at once. */
  mostStreams(caller: StreamCaller): Promise<number>
  /** Throws LIMIT_REACHED when this caller has `most` streams; to be called just before one is opened. */
  admit(caller: StreamCaller, most: number): void
  /** The stream of a node: about itself only. Lives until the connection ends. */
  openNode(computer: string, lastEventId: string | undefined, output: Output): void
  /**
   * The stream of a person: about the projects that he is a member of, asked anew at each event. It ends when `valid`
   * says that what he came in with (session, token) is not any more: asked when something about him changed, and from
   * time to time, as they also end by themselves.
   */
  openPerson(
    caller: PersonCaller,
    lastEventId: string | undefined,
    output: Output,
    valid?: () => Promise<boolean>,
  ): void
  /** Tells a connected node to do something now. False: it is not connected, and nothing is kept. */
  command(computer: string, command: NodeCommand): boolean
  /** Something of this person's account is different, of which no log is kept. */
  tellPerson(person: string): void
  /** Open streams, for the metrics. */
  readonly streams: { readonly nodes: number; readonly people: number }
  close(): void
}

/** Streams whose proof ended by its time are cut off no later than this. */
const LOOK_MS = 30_000

/** More than this behind, a reader starts afresh. */
const MOST_REPLAYED = 1_000

interface Reader {
  readonly stream: EventStream
  /** Undefined: not for this reader. */
  readonly itemOf: (hint: Hint) => Item | undefined | Promise<Item | undefined>
  /** What came while the past was read; undefined once caught up. */
  early: Hint[] | undefined
}

/** Streams of hints, fed by committed changes and by telemetry. */
export function createEventHub(options: EventHubOptions): EventHub {
  const { cloud, telemetry, visibility, clock, logger } = options
  /** Looked up once for all readers of a hint. */
  const concerned = new WeakMap<Hint, ReturnType<EventHubOptions['concerned']>>()
  const nodes = new Map<string, Set<Reader>>()
  const people = new Set<Reader>()
  /** Open streams by person. */
  const openBy = new Map<string, number>()
  /** Who reads a stream of people, and whether he still may. */
  const proofs = new Map<Reader, { readonly person: string; readonly valid: () => Promise<boolean> }>()
  const look = setInterval(() => void recheck(), LOOK_MS).unref()
  let last = 0

  const announce = (change: Change): void => {
    const hint = hintOf(change)
    last = Math.max(last, hint.seq)
    visibility.changed(hint)
    for (const reader of readersOf(change.computer)) {
      if (change.kind !== 'command' || change.command === undefined) deliver(reader, hint)
      else reader.stream.send(nodeCommand(change.command, change.id))
    }
    for (const reader of people) deliver(reader, hint)
    if (hint.kind === 'person') void recheck(hint.reference)
  }
  const stops = [
    cloud.onChange(announce),
    telemetry.onChange((change) => {
      const kind = KINDS[change.kind]
      const parts = change.kind === 'logs' ? change.sources : change.partitions
      const { computer } = change
      const about = { seq: 0, kind, computer, project: null, revision: 0 }
      const hints: Hint[] = parts.map((part) => ({ ...about, reference: `${computer}/${part}` }))
      // A log is of its source; a node that is back, or gone, is another matter for all that is on it.
      const alone = change.kind === 'facts' && parts.length > 0
      if (kind !== 'log') hints.push({ ...about, reference: computer, ...(alone && { services: [] }) })
      for (const hint of hints) for (const reader of people) deliver(reader, hint)
    }),
  ]
  cloud.position().then(
    (position) => {
      last = Math.max(last, seqOf(position))
    },
    (error: unknown) => logger.error(`cannot read the outbox: ${messageOf(error)}`),
  )

  return {
    announce,
    mostStreams: (caller) => cloud.limits.get('streams', caller.kind, nameOf(caller)),
    admit(caller, most) {
      const who = nameOf(caller)
      const present = caller.kind === 'computer' ? (nodes.get(who)?.size ?? 0) : (openBy.get(who) ?? 0)
      if (present >= most) throw masterErrors.LIMIT_REACHED({ limit: 'streams', where: who, value: most })
    },
    openNode(computer, lastEventId, output) {
      const readers = nodes.get(computer) ?? new Set()
      nodes.set(computer, readers)
      const itemOf = (hint: Hint) => (hint.computer === computer ? nodeItem(hint, positionOf(hint)) : undefined)
      open(readers, itemOf, lastEventId, output, () => {
        if (readers.size === 0 && nodes.get(computer) === readers) nodes.delete(computer)
      })
    },
    openPerson(caller, lastEventId, output, valid) {
      const itemOf = async (hint: Hint) =>
        (await visibility.visible(caller, hint))
          ? panelItem(hint, positionOf(hint), await servicesOf(caller, hint))
          : undefined
      const { person } = caller
      openBy.set(person, (openBy.get(person) ?? 0) + 1)
      const reader = open(people, itemOf, lastEventId, output, () => {
        proofs.delete(reader)
        const left = (openBy.get(person) ?? 1) - 1
        if (left > 0) openBy.set(person, left)
        else openBy.delete(person)
      })
      if (valid) proofs.set(reader, { person, valid })
    },
    command(computer, command) {
      const readers = readersOf(computer)
      for (const { stream } of readers) stream.send(nodeCommand(command))
      return readers.length > 0
    },
    tellPerson(person) {
      const hint: Hint = { seq: 0, kind: 'person', reference: person, computer: null, project: null, revision: 0 }
      for (const reader of people) deliver(reader, hint)
    },
    get streams() {
      return { nodes: [...nodes.values()].reduce((sum, readers) => sum + readers.size, 0), people: people.size }
    },
    close() {
      clearInterval(look)
      for (const stop of stops) stop()
      for (const { stream } of [...people, ...[...nodes.values()].flatMap((readers) => [...readers])]) stream.close()
    },
  }

  function open(
    readers: Set<Reader>,
    itemOf: Reader['itemOf'],
    lastEventId: string | undefined,
    output: Output,
    left: () => void,
  ): Reader {
    const stream = new EventStream(output, clock, () => `${cloud.epoch}:${last}`)
    const reader: Reader = { stream, itemOf, early: lastEventId === undefined ? undefined : [] }
    readers.add(reader)
    output.on('close', () => {
      readers.delete(reader)
      left()
    })
    if (lastEventId !== undefined) {
      catchUp(reader, lastEventId).catch((error: unknown) => {
        logger.warning(`cannot read past events: ${messageOf(error)}`)
        reader.early = undefined
        stream.reset()
      })
    }
    return reader
  }

  /** Those of the services that a hint is about which are his. */
  async function servicesOf(caller: PersonCaller, hint: Hint): Promise<readonly string[] | undefined> {
    if (hint.services) return hint.services
    const known = concerned.get(hint) ?? options.concerned(hint)
    concerned.set(hint, known)
    const found = await known
    if (found === undefined) return undefined
    const projects = new Set(found.map(({ project }) => project))
    const his = await Promise.all([...projects].map((project) => visibility.visible(caller, { ...hint, project })))
    const allowed = new Set([...projects].filter((_, index) => his[index]))
    return found.filter(({ project }) => allowed.has(project)).map(({ reference }) => reference)
  }

  /** Ends the streams of those (of this person only) who may not read any more. */
  async function recheck(person?: string): Promise<void> {
    const asked = [...proofs].filter(([, proof]) => person === undefined || proof.person === person)
    for (const [reader, { valid }] of asked) {
      // Not known is not over: it is asked again.
      const over = await valid().then(
        (still) => !still,
        (error: unknown) => logger.warning(`cannot tell whose stream it is: ${messageOf(error)}`),
      )
      if (over === true) reader.stream.close()
    }
  }

  /** First what the reader missed, then what came meanwhile: every hint once, in order. */
  async function catchUp(reader: Reader, lastEventId: string): Promise<void> {
    const since = parsePosition(lastEventId)
    const known = since && (await cloud.changesSince(`${since.epoch}:${since.revision}`, MOST_REPLAYED))
    const early = reader.early ?? []
    reader.early = undefined
    // That far behind, fetching everything is cheaper than reading hints.
    if (known === undefined || known.length === MOST_REPLAYED) return reader.stream.reset()
    const missed = known.map(hintOf)
    const reached = missed.at(-1)?.seq ?? 0
    // Commands were for that moment; a node that comes back does what the present state asks.
    for (const hint of missed) if (hint.kind !== 'command') deliver(reader, hint)
    for (const hint of early) if (hint.seq === 0 || hint.seq > reached) deliver(reader, hint)
  }

  function deliver(reader: Reader, hint: Hint): void {
    if (reader.early) {
      if (reader.early.length < MOST_REPLAYED) reader.early.push(hint)
      return
    }
    const item = reader.itemOf(hint)
    if (!(item instanceof Promise)) {
      if (item) reader.stream.send(item)
      return
    }
    item.then(
      (made) => {
        if (made) reader.stream.send(made)
      },
      (error: unknown) => logger.warning(`an event was not delivered: ${messageOf(error)}`),
    )
  }

  function readersOf(computer: string | null): readonly Reader[] {
    return computer === null ? [] : [...(nodes.get(computer) ?? [])]
  }

  function positionOf({ seq }: Hint): string | undefined {
    return seq === 0 ? undefined : `${cloud.epoch}:${seq}`
  }
}

/** Telemetry as people hear of it. */
const KINDS = { facts: 'telemetry', contact: 'telemetry', usage: 'usage', logs: 'log' } as const

function hintOf({ id, kind, reference, computer, project, revision }: Change): Hint {
  return { seq: seqOf(id), kind, reference, computer, project, revision }
}

const nameOf = (caller: StreamCaller): string => (caller.kind === 'computer' ? caller.computer : caller.person)

const seqOf = (position: Position): number => parsePosition(position)?.revision ?? 0

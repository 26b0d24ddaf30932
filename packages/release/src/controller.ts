/**
 * The resident controller: a service of a release that hosts many slaves and is told only what changed. The agent
 * listens on the Unix socket named by SLAPOS_CONTROLLER_SOCKET; the controller connects, and again after a loss. One
 * JSON document a line, both ways; see docs/releases.md. A new connection begins with a snapshot.
 */
import { createConnection, type Socket } from 'node:net'

export interface ControllerSlave {
  readonly reference: string
  readonly title: string
  readonly softwareType: string
  readonly parameters: unknown
}

export interface Publication {
  /** Slave reference to its whole connection dictionary. */
  readonly connections?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Slave reference to the reason why it is refused; an empty text clears it. */
  readonly errors?: Readonly<Record<string, string>>
}

export interface ControllerHandlers {
  /** All slaves: those that are not listed are gone. */
  onSnapshot(slaves: readonly ControllerSlave[]): Publication | Promise<Publication>
  /** Only what changed since the last snapshot or delta. */
  onDelta(changed: readonly ControllerSlave[], removed: readonly string[]): Publication | Promise<Publication>
  /** Connection lost, malformed line, or a handler that threw. Default: one line on the standard error. */
  onProblem?(message: string): void
}

export interface ControllerOptions {
  /** Default: SLAPOS_CONTROLLER_SOCKET. */
  readonly socket?: string
  /** Milliseconds before the first new attempt; doubles up to 5 s. Default 100. */
  readonly retryMs?: number
}

export interface Controller {
  /** Publishes at any time, for results that come later. Lost when the agent is away: it asks again by a snapshot. */
  publish(publication: Publication): void
  close(): void
}

const MOST_RETRY = 5000
/** Connections published in one line at most: the agent reads lines of bounded length. */
const BATCH = 1000

export function serveController(handlers: ControllerHandlers, options: ControllerOptions = {}): Controller {
  const path = options.socket ?? process.env['SLAPOS_CONTROLLER_SOCKET']
  if (!path) throw new Error('SLAPOS_CONTROLLER_SOCKET is not set: name this service with instance.controller(...)')
  const first = options.retryMs ?? 100
  const report = handlers.onProblem ?? ((message: string) => console.error(`controller: ${message}`))
  let socket: Socket | undefined
  let delay = first
  let closed = false
  let timer: NodeJS.Timeout | undefined

  connect()
  return {
    publish: (publication) => {
      if (socket) send(socket, publication)
    },
    close() {
      closed = true
      clearTimeout(timer)
      socket?.destroy()
    },
  }

  function connect(): void {
    const connection = createConnection(path ?? '')
    let rest = ''
    let work: Promise<void> = Promise.resolve()
    socket = connection
    connection.setEncoding('utf8')
    connection.on('data', (chunk: string) => {
      delay = first
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) work = work.then(() => receive(connection, line))
    })
    connection.on('error', (error) => report(`${path}: ${error.message}`))
    connection.on('close', () => {
      if (socket === connection) socket = undefined
      if (closed) return
      timer = setTimeout(connect, delay)
      delay = Math.min(MOST_RETRY, delay * 2)
    })
  }

  /** A change that a handler did not digest is not acknowledged: the connection ends, and the next brings a snapshot. */
  async function receive(connection: Socket, line: string): Promise<void> {
    if (connection.destroyed || line === '') return
    try {
      const message = parse(line)
      const publication =
        message.type === 'snapshot'
          ? await handlers.onSnapshot(message.changed)
          : await handlers.onDelta(message.changed, message.removed)
      send(connection, publication)
      connection.write(`${JSON.stringify({ type: 'ack', revision: message.revision })}\n`)
    } catch (error) {
      report(error instanceof Error ? error.message : String(error))
      connection.destroy()
    }
  }
}

function send(socket: Socket, { connections = {}, errors = {} }: Publication): void {
  const published = Object.entries(connections)
  for (let at = 0; at < published.length; at += BATCH) {
    const part = Object.fromEntries(published.slice(at, at + BATCH))
    socket.write(`${JSON.stringify({ type: 'published', connections: part })}\n`)
  }
  if (Object.keys(errors).length > 0) {
    socket.write(`${JSON.stringify({ type: 'published', connections: {}, errors })}\n`)
  }
}

interface Message {
  readonly type: 'snapshot' | 'delta'
  readonly revision: string | number
  readonly changed: readonly ControllerSlave[]
  readonly removed: readonly string[]
}

function parse(line: string): Message {
  const message: Partial<Message> = JSON.parse(line)
  const { type, revision, changed = [], removed = [] } = message
  if ((type !== 'snapshot' && type !== 'delta') || revision === undefined)
    throw new Error('the agent sent an unknown line')
  return {
    type,
    revision,
    removed,
    changed: changed.map((slave) => ({ ...slave, parameters: unpack(slave.parameters) })),
  }
}

/** The wire packs the parameters of a json-in-xml slave as one text under `_`. */
function unpack(parameters: unknown): unknown {
  if (typeof parameters !== 'object' || parameters === null || !('_' in parameters)) return parameters
  const { _: packed } = parameters
  if (typeof packed !== 'string') return parameters
  try {
    return JSON.parse(packed)
  } catch {
    return parameters // one slave's bad text must not end the others' service
  }
}

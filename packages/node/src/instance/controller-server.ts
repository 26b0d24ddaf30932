/**
 * The agent's end of a resident controller: a Unix socket on which a service of the partition is told which slaves it
 * has, as one snapshot and then changes only, and through which it publishes for them. One JSON document a line.
 */
import { chmod, mkdir, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { type Clock, messageOf } from '@slapos/base'
import type { SlaveDelta, SlaveDocument, TextDictionary } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'
import type { SlaveJournal } from './slave-journal.ts'

export interface SlavePublicationLine {
  readonly connections: Readonly<Record<string, TextDictionary>>
  readonly errors: Readonly<Record<string, string>>
}

export interface ControllerServerOptions {
  readonly path: string
  readonly journal: SlaveJournal
  readonly clock: Clock
  /** False: the Master did not take it; the controller is asked for everything again later. */
  readonly publish: (publication: SlavePublicationLine) => Promise<boolean>
  readonly log: (message: string) => void
}

const MOST_PATH = 107
const MOST_LINE = 16 * 1024 * 1024
const RETRY_MS = 5000

export class ControllerServer {
  readonly #options: ControllerServerOptions
  #server: Server | undefined
  #socket: Socket | undefined
  /** Everything to and from the controller happens in this order. */
  #work: Promise<void> = Promise.resolve()
  #acknowledged: string | undefined

  constructor(options: ControllerServerOptions) {
    this.#options = options
  }

  /** The position that the controller has digested. */
  get acknowledged(): string | undefined {
    return this.#acknowledged
  }

  async open(): Promise<void> {
    const { path } = this.#options
    if (Buffer.byteLength(path) > MOST_PATH) throw nodeErrors.SOCKET_PATH({ path })
    await mkdir(dirname(path), { recursive: true, mode: 0o711 })
    await unlink(path).catch(() => {}) // of an agent that was killed
    const server = createServer((socket) => this.#accept(socket))
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
    await chmod(path, 0o666) // who may come is decided by the directory, which nobody else may change
    this.#server = server
  }

  /** Tells a delta that the journal already has. Costs what the delta costs. */
  push(delta: SlaveDelta): void {
    if (delta.full)
      this.#socket?.destroy() // it comes back for a snapshot
    else if (this.#socket) this.#send(this.#socket, 'delta', delta.position, delta.changed, delta.removed)
  }

  async close(): Promise<void> {
    this.#socket?.destroy()
    const server = this.#server
    this.#server = undefined
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()))
    await this.#work
  }

  #accept(socket: Socket): void {
    this.#socket?.destroy()
    this.#socket = socket
    this.#acknowledged = undefined
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('error', (error) => this.#options.log(`controller: ${error.message}`))
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined
    })
    socket.on('data', (chunk: string) => {
      rest += chunk
      if (rest.length > MOST_LINE) return void socket.destroy()
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#work = this.#work.then(() => this.#receive(socket, line))
    })
    this.#work = this.#work.then(async () => {
      const snapshot = await this.#options.journal.snapshot()
      this.#send(socket, 'snapshot', snapshot?.position ?? '', snapshot?.slaves ?? [], [])
    })
  }

  #send(
    socket: Socket,
    type: 'snapshot' | 'delta',
    revision: string,
    slaves: readonly SlaveDocument[],
    removed: readonly string[],
  ): void {
    if (socket.destroyed) return
    const changed = slaves.map(({ reference, title, softwareType, parameters }) => ({
      reference,
      title,
      softwareType,
      parameters,
    }))
    socket.write(`${JSON.stringify({ type, revision, changed, removed })}\n`)
  }

  async #receive(socket: Socket, line: string): Promise<void> {
    if (line === '' || socket.destroyed) return
    try {
      const message = parseLine(line)
      if (message.type === 'ack') {
        this.#acknowledged = message.revision
        return
      }
      if (await this.#options.publish(message)) return
      // The controller keeps no account of what was taken: a new snapshot makes it publish everything again.
      this.#options.log('controller: the Master did not take what it published; it is asked again')
      await this.#options.clock.sleep(RETRY_MS)
      socket.destroy()
    } catch (error) {
      this.#options.log(`controller: ${messageOf(error)}`)
      socket.destroy()
    }
  }
}

type Line =
  | ({ readonly type: 'published' } & SlavePublicationLine)
  | { readonly type: 'ack'; readonly revision: string }

/** The controller is the partition's own program: nothing that it says is trusted. Throws Error. */
function parseLine(line: string): Line {
  const value: unknown = JSON.parse(line)
  if (typeof value !== 'object' || value === null) throw new Error('it sent a line that is not an object')
  if ('type' in value && value.type === 'ack') {
    return { type: 'ack', revision: 'revision' in value ? String(value.revision) : '' }
  }
  if (!('type' in value) || value.type !== 'published') throw new Error('it sent an unknown line')
  const connections = Object.fromEntries(
    entriesOf('connections' in value ? value.connections : {}).map(([reference, item]) => [reference, texts(item)]),
  )
  return { type: 'published', connections, errors: texts('errors' in value ? value.errors : {}) }
}

const entriesOf = (value: unknown): [string, unknown][] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it sent no dictionary')
  return Object.entries(value)
}

const texts = (value: unknown): TextDictionary =>
  Object.fromEntries(
    entriesOf(value).map(([key, item]) => [key, typeof item === 'string' ? item : (JSON.stringify(item) ?? '')]),
  )

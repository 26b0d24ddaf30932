import { isSlapError } from '@slapos/base'
import type { NodeCommand, NodeEvent } from '../extension.ts'
import { boolean, type Decode, decodeJson, integer, object, oneOf, plainObject, text } from './json.ts'

/** One message of a server-sent event stream. */
export interface StreamMessage {
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/** `id` and `event`, then the event without its kind as JSON. */
export function writeNodeEvent(id: string, { kind, ...data }: NodeEvent): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Undefined for kinds and commands that this version does not know: the polling net catches what they meant. */
export function readNodeEvent({ event, data }: StreamMessage): NodeEvent | undefined {
  const decode = EVENTS[event]
  if (!decode) return undefined
  try {
    return decodeJson(data, decode, event)
  } catch (error) {
    if (isSlapError(error)) return undefined
    throw error
  }
}

const revision = object({ revision: integer })
const slaves = object({ partition: text, revision: integer })
const service = object({ partition: text, service: text })
const logs = object({ source: text, follow: boolean })

const command: Decode<NodeCommand> = (value, path) => {
  const fields = plainObject(value, path)
  const name = oneOf(
    'restart-service',
    'stop-service',
    'start-service',
    'reprocess',
    'rebuild',
    'logs',
  )(fields.name, `${path}.name`)
  if (name === 'reprocess') return { name, partition: text(fields.partition, `${path}.partition`) }
  if (name === 'rebuild') return { name, url: text(fields.url, `${path}.url`) }
  if (name === 'logs') return { name, ...logs(fields, path) }
  return { name, ...service(fields, path) }
}

const EVENTS: Readonly<Record<string, Decode<NodeEvent>>> = {
  desired: (value, path) => ({ kind: 'desired', ...revision(value, path) }),
  slaves: (value, path) => ({ kind: 'slaves', ...slaves(value, path) }),
  command: (value, path) => ({
    kind: 'command',
    command: command(plainObject(value, path).command, `${path}.command`),
  }),
  reset: () => ({ kind: 'reset' }),
}

/** Longest line and longest message accepted: hints are short, and a server that never ends one must not fill memory. */
const LONGEST = 1024 * 1024

/**
 * Cuts a stream into messages, in the form of the WHATWG's specification of server-sent events. Fed with text as it
 * comes, in pieces of any size. Comments yield nothing; the caller counts received bytes as signs of life by itself.
 */
export class EventStreamParser {
  #rest = ''
  #id: string | undefined
  #event = ''
  #data: string[] = []
  #size = 0

  push(piece: string): readonly StreamMessage[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    this.#size += piece.length
    const messages: StreamMessage[] = []
    for (const line of lines) {
      if (line !== '') {
        this.#field(line)
        continue
      }
      this.#size = 0
      if (this.#data.length > 0) {
        messages.push({ id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') })
      }
      this.#event = ''
      this.#data = []
    }
    if (this.#size > LONGEST) throw new Error('an event is too long')
    return messages
  }

  #field(line: string): void {
    const colon = line.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'id' && !value.includes('\0')) this.#id = value
    else if (name === 'event') this.#event = value
    else if (name === 'data') this.#data.push(value)
  }
}

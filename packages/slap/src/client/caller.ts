import { messageOf } from '@slapos/base'
import type { Form } from '../codec/documents/request-form.ts'
import { type Decode, decodeJson } from '../codec/json.ts'
import { MasterError } from './master-error.ts'
import type { Answer, Call, Transport } from './transport.ts'

/** The few ways in which every method speaks to a Master. */
export interface Caller {
  /** GET with a query, answer decoded. */
  read<T>(path: string, query: Readonly<Record<string, string>>, decode: (body: string) => T): Promise<T>
  /** POST of a form, answer decoded. */
  ask<T>(path: string, form: Form, decode: (body: string) => T): Promise<T>
  /** POST of a form; any 2xx is fine and the body means nothing. */
  tell(path: string, form: Form): Promise<void>
  json<T>(call: Omit<Call, 'body'> & { readonly value?: unknown }, decode: Decode<T>): Promise<T>
  send(call: Call): Promise<Answer>
  decode<T>(path: string, body: string, decode: (body: string) => T): T
}

export function createCaller(transport: Transport): Caller {
  const decode = <T>(call: string, body: string, decoder: (body: string) => T): T => {
    try {
      return decoder(body)
    } catch (error) {
      throw new MasterError('bad-answer', { call, url: transport.url, reason: messageOf(error) }, error)
    }
  }
  const post = (path: string, form: Form) =>
    transport.send({ method: 'POST', path, headers: FORM, body: new URLSearchParams(form).toString() })
  return {
    decode,
    send: (call) => transport.send(call),
    read: async (path, query, decoder) =>
      decode(path, (await transport.send({ method: 'GET', path, query })).body, decoder),
    ask: async (path, form, decoder) => decode(path, (await post(path, form)).body, decoder),
    tell: async (path, form) => {
      await post(path, form)
    },
    json: async ({ value, ...call }, decoder) => {
      const content =
        value === undefined ? {} : { body: JSON.stringify(value), headers: { ...call.headers, ...JSON_TYPE } }
      const { body } = await transport.send({ ...call, ...content })
      return decode(call.path, body, (text) => decodeJson(text, decoder, call.path))
    },
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const
const JSON_TYPE = { 'content-type': 'application/json' } as const

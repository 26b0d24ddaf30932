import { lookup } from 'node:dns/promises'
import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPrivate } from './addresses.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** To where the Master connects when people name a URL. */
export interface OutgoingPolicy {
  readonly schemes: readonly ('https:' | 'http:')[]
  /** Addresses that are never connected to. */
  readonly forbidden: (address: string) => boolean
  readonly maxBytes: number
  /** Every address of a name; fails when there is none. */
  readonly resolve: (host: string) => Promise<readonly ResolvedAddress[]>
}

/** The public internet over TLS; with `allowPrivate` anything, also unencrypted. */
export function outgoingPolicy(allowPrivate: boolean, more: Partial<OutgoingPolicy> = {}): OutgoingPolicy {
  return {
    schemes: allowPrivate ? ['https:', 'http:'] : ['https:'],
    forbidden: allowPrivate ? () => false : isPrivate,
    maxBytes: 2_000_000,
    resolve: async (host) =>
      (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })),
    ...more,
  }
}

export interface OutgoingCall {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

export interface OutgoingAnswer {
  readonly status: number
  /** Where a redirection leads; it is for the caller to follow, through here again. */
  readonly location: string | undefined
  readonly body: string
}

/** Why a URL is not asked at all. */
export class Refusal extends Error {}

/**
 * One exchange, without following redirections. The name is resolved once, every address of it is judged, and the
 * connection goes to one of those: a name that means something else a moment later changes nothing. Throws Refusal, or
 * whatever the network says.
 */
export async function exchange(call: OutgoingCall, policy: OutgoingPolicy): Promise<OutgoingAnswer> {
  const target = URL.canParse(call.url) ? new URL(call.url) : undefined
  if (!target || !policy.schemes.some((scheme) => scheme === target.protocol)) {
    throw new Refusal(`only ${policy.schemes.join(' and ')} addresses are fetched`)
  }
  if (target.username !== '' || target.password !== '') throw new Refusal('it holds credentials')
  const answer = await send(target, call, await addressesOf(target, policy))
  return {
    status: answer.statusCode ?? 0,
    location: answer.headers.location,
    body: await bounded(answer, policy.maxBytes),
  }
}

async function addressesOf({ hostname }: URL, policy: OutgoingPolicy): Promise<readonly ResolvedAddress[]> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const version = isIP(host)
  const found: readonly ResolvedAddress[] =
    version === 0 ? await resolved(host, policy) : [{ address: host, family: version === 6 ? 6 : 4 }]
  // One that is forbidden spoils them all: which one is connected to is not ours to choose.
  if (found.some(({ address }) => policy.forbidden(address))) throw new Refusal(`${host} is not a public address`)
  return found
}

async function resolved(host: string, { resolve }: OutgoingPolicy): Promise<readonly ResolvedAddress[]> {
  const found = await resolve(host).catch((cause: unknown) => {
    throw new Error(`${host} has no address`, { cause })
  })
  if (found.length === 0) throw new Error(`${host} has no address`)
  return found
}

function send(
  target: URL,
  { method = 'GET', headers = {}, body, signal }: OutgoingCall,
  addresses: readonly ResolvedAddress[],
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    ...{ method, signal },
    headers: { 'accept-encoding': 'identity', ...headers },
    lookup: answering(addresses),
    // A connection of its own: one that is kept may have been made for another caller's idea of the name.
    agent: false,
  }
  return new Promise((resolve, reject) => {
    const request = target.protocol === 'https:' ? requestTls(target, options) : requestPlain(target, options)
    request.once('response', resolve).once('error', reject).end(body)
  })
}

function answering(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const wanted = addresses.filter(({ family }) => !options.family || options.family === family)
    const [first] = wanted
    if (first === undefined) callback(new Error('no address of that family'), '')
    else if (options.all) callback(null, [...wanted])
    else callback(null, first.address, first.family)
  }
}

async function bounded(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop ends the connection.
    if (size > maxBytes) throw new Refusal(`it is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

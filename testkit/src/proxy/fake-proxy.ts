/**
 * A minimal stand-in for `slapos proxy`, from the notes on its wire: plain HTTP, no certificates, timestamps that are
 * text of float seconds, 404 where it has nothing (getHateoasUrl, the children list), 500 for what it does not know,
 * free-text answers to reports, documents without what the greater Master adds. Allocation is immediate, or 404.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import {
  type InstanceRequest,
  type InstanceState,
  type IpEntry,
  marshal,
  type ReleaseState,
  readFormat,
  readRequestForm,
  textsOf,
  writeCertificate,
} from '@slapos/slap'
import { writeProxyComputer, writeProxyPartition, writeProxyRequested } from './proxy-documents.ts'
import { ProxyState } from './proxy-state.ts'

export interface ProxyCall {
  readonly method: string
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
}

export interface FakeProxy {
  readonly url: string
  readonly calls: readonly ProxyCall[]
  readonly state: ProxyState
  supply(url: string, state?: ReleaseState): void
  request(request: Partial<InstanceRequest> & { readonly title: string; readonly releaseUrl: string }): void
  /** Every answer has this status until it is undefined again. */
  fail(status: number | undefined): void
  /** Stops listening; `resume` takes the same port again. */
  pause(): Promise<void>
  resume(): Promise<void>
  close(): Promise<void>
}

export interface FakeProxyOptions {
  readonly computerId?: string
  readonly elsewhere?: readonly IpEntry[]
  /** Writes texts as `<unicode>`, as programs on Python 2 do. */
  readonly unicode?: boolean
}

export async function startFakeProxy(options: FakeProxyOptions = {}): Promise<FakeProxy> {
  const state = new ProxyState(options.computerId ?? 'local_computer', options.elsewhere)
  const written = (text: string) => (options.unicode ? text.replaceAll(/(<\/?)string>/g, '$1unicode>') : text)
  const calls: ProxyCall[] = []
  let failing: number | undefined
  let port = 0
  let server: Server | undefined

  const listen = async () => {
    const made = createServer((request, response) => {
      void readBody(request).then((body) => {
        const url = new URL(request.url ?? '/', 'http://proxy')
        const form = new URLSearchParams(request.method === 'POST' ? body : url.search)
        const call = { method: request.method ?? '', path: url.pathname.slice(1), fields: Object.fromEntries(form) }
        calls.push(call)
        if (failing !== undefined) return answer(response, failing, 'failing')
        const [status, text] = handle(state, call)
        answer(response, status, written(text))
      })
    })
    server = made
    await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve))
    const address = made.address()
    port = typeof address === 'object' && address ? address.port : port
  }
  const pause = async () => {
    const open = server
    server = undefined
    open?.closeAllConnections()
    if (open) await new Promise<void>((resolve) => open.close(() => resolve()))
  }
  await listen()
  return {
    url: `http://127.0.0.1:${port}/`,
    calls,
    state,
    supply: (url, wanted = 'available') => state.supply(url, wanted),
    request: (request) => void state.request({ ...DEFAULT_REQUEST, ...request }),
    fail: (status) => {
      failing = status
    },
    pause,
    resume: listen,
    close: pause,
  }
}

const DEFAULT_REQUEST = {
  softwareType: 'default',
  parameters: {},
  filter: {},
  state: 'started' as InstanceState,
  shared: false,
}

type Answer = readonly [status: number, text: string]

function handle(state: ProxyState, { method, path, fields }: ProxyCall): Answer {
  return (method === 'POST' ? posted(state, path, fields) : gotten(state, path, fields)) ?? [404, 'Not Found']
}

function gotten(state: ProxyState, path: string, fields: ProxyCall['fields']): Answer | undefined {
  switch (path) {
    case 'getFullComputerInformation':
    case 'getComputerInformation':
      return fields['computer_id'] === state.computerId ? [200, writeProxyComputer(state)] : UNKNOWN
    case 'registerComputerPartition': {
      const partition = state.partition(fields['computer_partition_reference'] ?? '')
      return partition ? [200, writeProxyPartition(state.computerId, partition)] : UNKNOWN
    }
    case 'getComputerPartitionCertificate':
      return [200, writeCertificate({ certificate: '', key: '' })]
    case 'getComputerPartitionStatus':
      return [200, marshal('Not implemented.')]
    default:
      return undefined
  }
}

function posted(state: ProxyState, path: string, fields: ProxyCall['fields']): Answer | undefined {
  const partition = fields['computer_partition_id'] ?? ''
  const url = fields['url'] ?? ''
  switch (path) {
    case 'loadComputerConfigurationFromXML':
      state.format(readFormat(fields['xml'] ?? ''))
      return [200, 'done']
    case 'supplySupply':
      state.supply(url, fields['state'] === 'destroyed' ? 'destroyed' : 'available')
      return [200, `Supplied '${url}' to be ${fields['state']}`]
    case 'requestComputerPartition': {
      const placed = state.request(readRequestForm(fields))
      return placed ? [200, writeProxyRequested(state, placed)] : [404, 'no free partition']
    }
    case 'setComputerPartitionConnectionXml': {
      const slave = fields['slave_reference'] ?? 'None'
      state.publish(partition, textsOf(fields, 'connection_xml'), slave === 'None' ? undefined : slave)
      return [200, 'done']
    }
    case 'destroyedComputerPartition':
      return [200, state.free(partition) ? 'OK' : 'Not destroying yet: it has children']
    case 'destroyedSoftwareRelease':
      state.forget(url)
      return [200, 'OK']
    case 'softwareInstanceBang':
      state.bang(partition)
      return [200, 'OK']
    case 'softwareInstanceRename':
      state.rename(partition, fields['new_name'] ?? '')
      return [200, 'done']
    case 'computerBang':
      return [200, marshal('')]
    case 'buildingSoftwareRelease':
    case 'availableSoftwareRelease':
    case 'softwareReleaseError':
    case 'startedComputerPartition':
    case 'stoppedComputerPartition':
    case 'softwareInstanceError':
    case 'useComputer':
      return [200, 'Ignored']
    default:
      return undefined
  }
}

/** It fails on what it does not know. */
const UNKNOWN: Answer = [500, '<!doctype html>\n<title>500 Internal Server Error</title>\n']

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

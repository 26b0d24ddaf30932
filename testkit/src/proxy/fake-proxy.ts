/**
 * A minimal stand-in for `slapos proxy`, from the notes on its wire: plain HTTP, no certificates, timestamps that are
 * text of float seconds, 404 where it has nothing (getHateoasUrl, the children list), free-text answers to reports, no
 * access status. Allocation is immediate: the first free partition.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import {
  type InstanceRequest,
  type InstanceState,
  type ReleaseState,
  readFormat,
  readRequestForm,
  textsOf,
  writeCertificate,
  writeComputer,
  writeRequestedInstance,
} from '@slapos/slap'
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

export async function startFakeProxy(computerId = 'local_computer'): Promise<FakeProxy> {
  const state = new ProxyState(computerId)
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
        answer(response, status, text)
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

function handle(state: ProxyState, { path, fields }: ProxyCall): readonly [number, string] {
  const partition = fields['computer_partition_id'] ?? ''
  const url = fields['url'] ?? ''
  switch (path) {
    case 'loadComputerConfigurationFromXML':
      state.format(readFormat(fields['xml'] ?? ''))
      return [200, 'done']
    case 'getFullComputerInformation':
      return [200, writeComputer(state.document())]
    case 'getComputerPartitionCertificate':
      return [200, writeCertificate({ certificate: '', key: '' })]
    case 'requestComputerPartition': {
      const found = state.request(readRequestForm(fields))
      return found ? [200, writeRequestedInstance(found)] : [404, 'no free partition']
    }
    case 'setComputerPartitionConnectionXml': {
      const slave = fields['slave_reference'] ?? 'None'
      state.publish(partition, textsOf(fields, 'connection_xml'), slave === 'None' ? undefined : slave)
      return [200, 'done']
    }
    case 'destroyedComputerPartition':
      state.free(partition)
      return [200, 'OK']
    case 'destroyedSoftwareRelease':
      state.forget(url)
      return [200, 'OK']
    case 'softwareInstanceBang':
    case 'computerBang':
      state.bang()
      return [200, 'OK']
    case 'buildingSoftwareRelease':
    case 'availableSoftwareRelease':
    case 'softwareReleaseError':
    case 'startedComputerPartition':
    case 'stoppedComputerPartition':
    case 'softwareInstanceError':
    case 'useComputer':
      return [200, 'Ignored']
    default:
      return [404, '']
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

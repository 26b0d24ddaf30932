import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import type { ClientTls } from '@slapos/slap'

/** One kept-alive HTTP/1.1 connection that does next to nothing by itself: what is measured is the server. */
export interface RawClient extends Disposable {
  /** Reads a whole answer; `etag` of it. Fails when the status is another one. */
  get(path: string, status: number, headers?: string): Promise<{ readonly etag: string; readonly bytes: number }>
}

export async function openRawClient(url: string, { key, cert, ca }: ClientTls): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = connect({
    ...{ host: hostname, port: Number(port) },
    ...(key !== undefined && { key }),
    ...(cert !== undefined && { cert }),
    ...(ca !== undefined && { ca }),
  })
  await once(socket, 'secureConnect')
  return {
    async get(path, status, headers = '') {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n${headers}\r\n`)
      const { head, bytes } = await readAnswer(socket)
      const answered = Number(head.split(' ', 2)[1])
      if (answered !== status) throw new Error(`GET ${path} answered ${answered}, not ${status}`)
      return { etag: /^etag: (.*)$/im.exec(head)?.[1]?.trim() ?? '', bytes }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

function readAnswer(socket: TLSSocket): Promise<{ readonly head: string; readonly bytes: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ head: string; bytes: number }>()
  let head: string | undefined
  let start = ''
  let expected = 0
  let bytes = 0
  const onData = (data: Buffer) => {
    bytes += data.length
    if (head === undefined) {
      start += data.toString('latin1')
      const end = start.indexOf('\r\n\r\n')
      if (end === -1) return
      head = start.slice(0, end)
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
      expected = end + 4 + (/ 304 /.test(head.slice(0, 15)) ? 0 : length)
    }
    if (bytes < expected) return
    settle()
    resolve({ head, bytes })
  }
  const onEnd = () => {
    settle()
    reject(new Error('the server closed the connection'))
  }
  const settle = () => {
    socket.off('data', onData)
    socket.off('close', onEnd)
  }
  socket.on('data', onData)
  socket.on('close', onEnd)
  return promise
}

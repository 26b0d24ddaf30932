import { chmod, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { EXIT, isSlapError, messageOf } from '@slapos/base'
import type { NodeAgent } from './agent.ts'
import { type ControlMessage, type ControlRequest, controlPath } from './protocol.ts'
import { serve } from './serve.ts'

const MOST_REQUEST = 64 * 1024
const COMMANDS: readonly ControlRequest['command'][] = [
  'software',
  'instance',
  'promise',
  'report',
  'refresh',
  'status',
]

/** Serves commands of the node's owner. Who reaches the socket file is who may: it is 0600. */
export async function openControlServer(agent: NodeAgent): Promise<Server> {
  const path = controlPath(agent.parts.config.paths.state)
  await unlink(path).catch(() => {}) // the node lock is ours, so whoever left it is gone
  const server = createServer((socket) => accept(socket, agent))
  const mask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  } finally {
    process.umask(mask)
  }
  await chmod(path, 0o600)
  return server
}

function accept(socket: Socket, agent: NodeAgent): void {
  let text = ''
  const send = (message: ControlMessage) => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
  }
  socket.setEncoding('utf8')
  socket.on('error', () => {}) // the command went away; its work goes on
  socket.on('data', (chunk: string) => {
    if (text.length > MOST_REQUEST) return void socket.destroy()
    const had = text.includes('\n')
    text += chunk
    const end = text.indexOf('\n')
    if (had || end < 0) return
    void answer(agent, text.slice(0, end), send).then((code) => {
      send({ type: 'end', code })
      socket.end()
    })
  })
}

async function answer(agent: NodeAgent, line: string, send: (message: ControlMessage) => void): Promise<number> {
  try {
    return await serve(agent, parseRequest(line), send)
  } catch (error) {
    send({ type: 'log', level: 'error', message: messageOf(error) })
    return isSlapError(error) ? error.exit : EXIT.failure
  }
}

function parseRequest(line: string): ControlRequest {
  const request: ControlRequest = JSON.parse(line)
  if (!COMMANDS.includes(request.command)) throw new Error('unknown request')
  return request
}

import { createConnection } from 'node:net'
import { type ControlMessage, type ControlRequest, controlPath, type Send } from './protocol.ts'

/** Asks the running agent; undefined when none runs. Answers the exit code. */
export function askAgent(stateDirectory: string, request: ControlRequest, send: Send): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(controlPath(stateDirectory))
    let rest = ''
    let code: number | undefined
    let connected = false
    socket.setEncoding('utf8')
    socket.once('connect', () => {
      connected = true
      socket.write(`${JSON.stringify(request)}\n`)
    })
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const message: ControlMessage = JSON.parse(line)
        if (message.type === 'end') code = message.code
        else send(message)
      }
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const absent = ['ENOENT', 'ECONNREFUSED'].includes(error.code ?? '')
      if (absent && !connected) resolve(undefined)
      else reject(error)
    })
    socket.once('close', () => resolve(code ?? (connected ? 1 : undefined)))
  })
}

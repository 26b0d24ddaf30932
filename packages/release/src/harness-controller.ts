import { createServer, type Socket } from 'node:net'
import type { ControllerSlave } from './controller.ts'

/** The agent's end of a controller's socket, for tests: tells slaves, collects what is published. */
export function createAgentEnd(path: string) {
  let revision = 0
  let acknowledged = 0
  let lines = 0
  let socket: Socket | undefined
  let slaves = new Map<string, ControllerSlave>()
  const connections = new Map<string, Readonly<Record<string, string>>>()
  const errors = new Map<string, string>()
  let waiters: (() => void)[] = []

  const server = createServer((connection) => {
    socket = connection
    let rest = ''
    connection.setEncoding('utf8')
    connection.on('error', () => {})
    connection.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) take(JSON.parse(line))
    })
    connection.write(`${JSON.stringify({ type: 'snapshot', revision, changed: [...slaves.values()], removed: [] })}\n`)
  })

  function take(message: {
    type: string
    revision?: number
    connections?: Record<string, Record<string, string>>
    errors?: Record<string, string>
  }): void {
    lines++
    if (message.type === 'ack') {
      acknowledged = message.revision ?? 0
      for (const wake of waiters) wake()
      waiters = []
    }
    for (const [reference, connection] of Object.entries(message.connections ?? {}))
      connections.set(reference, connection)
    for (const [reference, text] of Object.entries(message.errors ?? {})) {
      if (text === '') errors.delete(reference)
      else errors.set(reference, text)
    }
  }

  return {
    path,
    connections: connections as ReadonlyMap<string, Readonly<Record<string, string>>>,
    errors: errors as ReadonlyMap<string, string>,
    /** How many lines the controller has sent. */
    lines: () => lines,
    async listen(): Promise<void> {
      if (server.listening) return
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(path, resolve)
      })
    },
    /** Tells a change and resolves when the controller has acknowledged it. */
    async change(changed: readonly ControllerSlave[], removed: readonly string[] = []): Promise<void> {
      revision++
      slaves = new Map(slaves)
      for (const reference of removed) slaves.delete(reference)
      for (const slave of changed) slaves.set(slave.reference, slave)
      socket?.write(`${JSON.stringify({ type: 'delta', revision, changed, removed })}\n`)
      while (acknowledged < revision) await new Promise<void>((resolve) => waiters.push(resolve))
    },
    async close(): Promise<void> {
      socket?.destroy()
      if (!server.listening) return
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

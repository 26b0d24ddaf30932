import { connect } from 'node:net'
import type { Outcome } from './check-outcome.ts'

/** Somebody accepts connections there. */
export function checkTcp({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<Outcome> {
  const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const abort = () => socket.destroy(new Error('aborted'))
    const done = (settle: () => void) => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      settle()
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.once('connect', () => done(() => resolve({ ok: true, message: `${target} accepts connections` })))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(() => {
        if (signal.aborted) reject(error)
        else resolve({ ok: false, message: `cannot connect to ${target}: ${error.code ?? error.message}` })
      }),
    )
    if (signal.aborted) abort()
  })
}

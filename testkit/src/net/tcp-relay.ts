import { once } from 'node:events'
import { connect as connectTcp, createServer, type Socket } from 'node:net'
import { conditions } from './conditions.ts'
import { delayLine, type Impairment } from './delay-line.ts'

/** A relay on loopback that spoils what passes through it, for tests that need no machines of their own. */
export interface Relay {
  readonly port: number
  /** Changes what it does from now on; what is under way keeps its delay. */
  set(impairment: Partial<Impairment>): void
  /** Swallows silently: every connection through it is half-open until `resume`. */
  stall(): void
  /** Delivers again. TCP: also what was swallowed; UDP: only what comes from now on. */
  resume(): void
  /** Breaks every open connection with a reset. */
  cut(): void
  close(): Promise<void>
}

export interface RelayOptions extends Partial<Impairment> {
  readonly target: { readonly host: string; readonly port: number }
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Tests give numbers of their own; default Math.random. */
  readonly random?: () => number
}

export async function createTcpRelay({
  target,
  host = '127.0.0.1',
  random = Math.random,
  ...first
}: RelayOptions): Promise<Relay> {
  const weather = conditions(first)
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connectTcp({ ...target, allowHalfOpen: true, noDelay: true })
    const pair = [client, upstream] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [upstream, client]] as const) {
      const line = delayLine(weather, random, { ordered: true })
      from.on('data', (data) => line.pass(() => to.write(data)))
      from.on('end', () => line.pass(() => to.end()))
      from.on('error', () => {
        line.close()
        to.destroy()
      })
      // An orderly end is still on its way through the line when this side has closed.
      from.on('close', () => pairs.delete(pair))
    }
  })
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy()
  }
  return {
    ...weather.controls,
    port: typeof address === 'object' && address ? address.port : 0,
    cut,
    async close() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}

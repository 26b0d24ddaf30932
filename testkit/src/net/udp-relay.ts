import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { conditions } from './conditions.ts'
import { delayLine } from './delay-line.ts'
import type { Relay, RelayOptions } from './tcp-relay.ts'

/** As `createTcpRelay`, for datagrams: they may be lost and overtake each other. */
export async function createUdpRelay({
  target,
  host = '127.0.0.1',
  random = Math.random,
  ...first
}: RelayOptions): Promise<Relay> {
  const weather = conditions(first)
  const line = delayLine(weather, random, { ordered: false })
  const outside = createSocket('udp4')
  const inner = new Map<string, Socket>()
  outside.on('message', (data, { address, port }) => {
    const key = `${address}:${port}`
    let socket = inner.get(key)
    if (!socket) {
      const own = createSocket('udp4')
      own.on('message', (answer) => line.pass(() => outside.send(answer, port, address)))
      own.on('error', () => {})
      inner.set(key, own)
      socket = own
    }
    const through = socket
    line.pass(() => through.send(data, target.port, target.host))
  })
  outside.bind(0, host)
  await once(outside, 'listening')
  const cut = () => {
    for (const socket of inner.values()) socket.close()
    inner.clear()
  }
  return {
    ...weather.controls,
    port: outside.address().port,
    cut,
    async close() {
      line.close()
      cut()
      const closed = once(outside, 'close')
      outside.close()
      await closed
    },
  }
}

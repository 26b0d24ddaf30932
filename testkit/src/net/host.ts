import type { Namespace } from './namespace.ts'
import type { Port } from './segment.ts'
import type { Destination } from './weather.ts'

/** A machine of the lab. Its weather is made at the other end of its cable: nothing in it can see or undo it. */
export interface Host extends Pick<Namespace, 'name' | 'pid' | 'spawn' | 'exec' | 'run' | 'close'> {
  readonly ipv4: string
  /** Cuts it off without a word: packets vanish both ways, open connections become half-open. */
  partition(): Promise<void>
  /** Ends partition, loss and blackholes. */
  heal(): Promise<void>
  /** Loses this share of packets in each direction. */
  loss(percent: number): Promise<void>
  /** What it sends there vanishes. Answers the function that ends it. */
  blackhole(destination: Destination): Promise<() => Promise<void>>
  unplug(): Promise<void>
  plug(): Promise<void>
  /** Bandwidth of both directions; undefined: unlimited. */
  rate(kilobitsPerSecond: number | undefined): Promise<void>
}

export function hostOn(namespace: Namespace, port: Port, ipv4: string): Host {
  return {
    ...namespace,
    ipv4,
    partition: () => port.change({ partitioned: true }),
    heal: () => port.change({ partitioned: false, lossPercent: 0, blackholes: [] }),
    loss: (lossPercent) => port.change({ lossPercent }),
    async blackhole(destination) {
      await port.change({ blackholes: [...port.weather().blackholes, destination] })
      return () => port.change({ blackholes: port.weather().blackholes.filter((one) => one !== destination) })
    },
    unplug: () => port.plug(false),
    plug: () => port.plug(true),
    rate: (kilobitsPerSecond) => port.rate(kilobitsPerSecond),
  }
}

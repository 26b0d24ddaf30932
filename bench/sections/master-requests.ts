import { createSlapClient, type InstanceRequest } from '@slapos/slap'
import { type Peer, startBenchMaster } from '../lib/master.ts'
import { median, throughput, timed } from '../lib/measure.ts'
import { PROXY, peers } from '../lib/peers.ts'
import type { Row } from '../lib/table.ts'

export const title =
  'Master: request of an instance (mutual TLS, durable before it is answered; 20 nodes of 100 partitions)'

/** Of 100 partitions each: enough for every instance that is requested here. */
const NODES = 20
const ONE_BY_ONE = 60

export async function run(): Promise<readonly Row[]> {
  await using master = await startBenchMaster()
  for (let n = 0; n < NODES; n++) await master.computer(100)
  const ada = await master.person()
  const slap = createSlapClient({ url: ada.url, tls: ada })
  try {
    let n = 0
    const fresh = () => slap.request(wanted(ada, `service ${n++}`))
    const known = () => slap.request(wanted(ada, 'service 0'))
    for (let i = 0; i < 20; i++) await fresh()
    const first = await oneByOne(fresh)
    const again = await oneByOne(known)
    const many = await master.cpuPer(() => throughput(1500, 8, fresh))
    const reread = await master.cpuPer(() => throughput(1500, 8, known))
    const peerNew = { name: PROXY, value: peers.requestNewMs }
    const peerKnown = { name: PROXY, value: peers.requestExistingMs }
    // The peer's rate is worked out from its time for one: it answers one request after the other.
    const rate = (ms: number) => ({ name: PROXY, value: 1000 / ms })
    return [
      { what: 'Request of a new instance, one after the other', ours: first, unit: 'ms', peer: peerNew },
      { what: 'Request of a known instance, one after the other', ours: again, unit: 'ms', peer: peerKnown },
      {
        ...{ what: 'New instances, 8 at once', ours: many.count / many.seconds, unit: '/s', more: true },
        ...{ peer: rate(peers.requestNewMs), note: `${many.cpu.toFixed(0)} us CPU each; budget 10x` },
      },
      {
        ...{ what: 'Known instances, 8 at once', ours: reread.count / reread.seconds, unit: '/s', more: true },
        ...{ peer: rate(peers.requestExistingMs), note: `${reread.cpu.toFixed(0)} us CPU each` },
      },
    ]
  } finally {
    slap.close()
  }
}

async function oneByOne(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < ONE_BY_ONE; i++) times.push((await timed(work)).ms)
  return median(times)
}

export const wanted = ({ release }: Pick<Peer, 'release'>, title: string): InstanceRequest => ({
  ...{ title, releaseUrl: release, softwareType: 'default', state: 'started', shared: false },
  parameters: { _: JSON.stringify({ message: `I am ${title}`, port: 8080 }) },
  filter: {},
})

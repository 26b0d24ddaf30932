import { type BenchMaster, startBenchMaster } from '../lib/master.ts'
import { throughput } from '../lib/measure.ts'
import { PROXY, peers } from '../lib/peers.ts'
import { openRawClient } from '../lib/raw-client.ts'
import type { Row } from '../lib/table.ts'

export const title = 'Master: what every node asks every minute (mutual TLS, kept-alive, 4 connections)'

export async function run(): Promise<readonly Row[]> {
  await using master = await startBenchMaster()
  const rows: Row[] = []
  for (const partitions of [10, 100, 1000] as const) rows.push(...(await readsOf(master, partitions)))
  return rows
}

async function readsOf(master: BenchMaster, partitions: 10 | 100 | 1000): Promise<readonly Row[]> {
  const node = await master.busyComputer(partitions)
  using clients = new DisposableStack()
  const lanes = await Promise.all(Array.from({ length: 4 }, () => openRawClient(node.url, node)))
  for (const client of lanes) clients.use(client)
  const path = `/getFullComputerInformation?computer_id=${node.subject}`
  const read = (status: number, headers?: string) => async (lane: number) => lanes[lane]?.get(path, status, headers)
  const whole = await read(200)(0)
  const unchanged = read(304, `if-none-match: ${whole?.etag}\r\n`)
  await throughput(300, lanes.length, unchanged)
  const full = await master.cpuPer(() => throughput(1500, lanes.length, read(200)))
  const poll = await master.cpuPer(() => throughput(1500, lanes.length, unchanged))
  const peer = { name: PROXY, value: peers.computerAnswers[partitions] }
  const note = `${((whole?.bytes ?? 0) / 1000).toFixed(0)} kB`
  return [
    { what: `Computer of ${partitions}, in full`, ours: full.count / full.seconds, unit: '/s', peer, more: true, note },
    {
      ...{ what: `Computer of ${partitions}, in full: CPU of the Master`, ours: full.cpu, unit: 'us' },
      ...(partitions === 100 && { peer: { name: PROXY, value: peers.computerAnswerCpu } }),
    },
    {
      what: `Computer of ${partitions}, unchanged (304)`,
      ours: poll.count / poll.seconds,
      unit: '/s',
      peer,
      more: true,
    },
    {
      ...{ what: `Computer of ${partitions}, unchanged: CPU of the Master`, ours: poll.cpu, unit: 'us' },
      ...(partitions === 100 && { peer: { name: PROXY, value: peers.computerAnswerCpu } }),
      note: 'budget 100 us',
    },
  ]
}

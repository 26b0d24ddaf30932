import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answering, run as call, clientOptions, freePorts, helloworld, nodeOptions, slapos, up } from '../lib/cloud.ts'
import { cpuSeconds, median, timed } from '../lib/measure.ts'
import type { Row } from '../lib/table.ts'

export const title = 'A node pass in which nothing changed, by the number of instances'

const SIZES = [1, 10, 50]
const PASSES = 10
const CORE = 'slapos.core 1.24, 1 partition'

export async function run(): Promise<readonly Row[]> {
  const home = await mkdtemp(join(tmpdir(), 'slapos-bench-'))
  try {
    const cloud = await up(home, [...(await freePorts()), '--partitions', String(Math.max(...SIZES))])
    const rows: Row[] = []
    // The first start brought one.
    for (let [count, index] = [1, 0]; index < SIZES.length; index++) {
      for (; count < (SIZES[index] ?? 0); count++) await begin(home, `bench ${count}`)
      rows.push(...(await measure(home, count)))
    }
    await cloud.stop()
    return rows
  } finally {
    await call(slapos, ['down', '--home', home]).catch(() => {})
    await rm(home, { recursive: true, force: true })
  }
}

async function begin(home: string, title: string): Promise<void> {
  // It ends with 2 while the service is not there yet.
  await call(slapos, ['request', title, helloworld, ...clientOptions(home)]).catch(() => {})
  await answering(title, clientOptions(home))
}

async function measure(home: string, count: number): Promise<readonly Row[]> {
  const agent = Number(await readFile(join(home, 'agent.pid'), 'utf8'))
  const pass = () => call(slapos, ['node', 'instance', ...nodeOptions(home)])
  await pass()
  const before = cpuSeconds(agent)
  const times: number[] = []
  for (let n = 0; n < PASSES; n++) times.push((await timed(pass)).ms)
  const cpu = ((cpuSeconds(agent) - before) / PASSES) * 1000
  const what = `${count} ${count === 1 ? 'instance' : 'instances'}`
  return [
    { what: `${what}: CPU of the agent`, ours: cpu, unit: 'ms', peer: { name: CORE, value: 990 } },
    { what: `${what}: as a command`, ours: median(times), unit: 'ms', peer: { name: CORE, value: 1020 } },
  ]
}

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answering, clientOptions, freePorts, helloworld, nodeOptions, run as run_, slapos, up } from '../lib/cloud.ts'
import { cpuSeconds, median, memory, timed } from '../lib/measure.ts'
import type { Row } from '../lib/table.ts'

export const title = 'A whole cloud on one machine: slapos up, one service'

const PROXY = 'slapos proxy 1.24'
const CORE = 'slapos.core 1.24'

export async function run(): Promise<readonly Row[]> {
  const home = await mkdtemp(join(tmpdir(), 'slapos-bench-'))
  const ports = await freePorts()
  try {
    const first = await timed(() => up(home, ports))
    await first.value.stop()
    const second = await timed(() => up(home, ports))
    const rows = await measure(home, second.value.service)
    await second.value.stop()
    return [
      { what: 'First start: Master, node, build, service answers', ours: first.ms, unit: 'ms' },
      { what: 'Next start: the same cloud answers again', ours: second.ms, unit: 'ms' },
      ...rows,
    ]
  } finally {
    await run_(slapos, ['down', '--home', home]).catch(() => {})
    await rm(home, { recursive: true, force: true })
  }
}

async function measure(home: string, service: string): Promise<readonly Row[]> {
  const [cfg, client] = [nodeOptions(home), clientOptions(home)]
  const pids = Object.fromEntries(
    await Promise.all(
      ['master', 'agent'].map(async (name) => [name, Number(await readFile(join(home, `${name}.pid`), 'utf8'))]),
    ),
  )
  const starts: number[] = []
  for (let n = 0; n < 5; n++) {
    const title = `bench ${n}`
    const { ms } = await timed(async () => {
      await run_(slapos, ['request', title, helloworld, ...client]).catch(() => {})
      await answering(title, client)
    })
    starts.push(ms)
  }
  await fetch(service)
  const before = cpuSeconds(pids['agent'])
  const passes: number[] = []
  for (let n = 0; n < 5; n++) passes.push((await timed(() => run_(slapos, ['node', 'instance', ...cfg]))).ms)
  const perPass = ((cpuSeconds(pids['agent']) - before) / passes.length) * 1000
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
  await new Promise((resolve) => setTimeout(resolve, 300))
  const [m, a, b] = [memory(pids['master']), memory(pids['agent']), memory(bare.pid ?? 0)]
  bare.kill()
  const version = await repeated(() => run_(slapos, ['--version']))
  const listing = await repeated(() => run_(slapos, ['service', 'list', ...client]))
  return [
    { what: 'Request (command line) to the service answering, release built', ours: median(starts), unit: 'ms' },
    {
      what: 'Unchanged node pass, 6 instances: CPU of the agent',
      ours: perPass,
      unit: 'ms',
      peer: { name: `${CORE}, 1 partition`, value: 990 },
    },
    {
      what: 'Unchanged node pass, 6 instances, as a command',
      ours: median(passes),
      unit: 'ms',
      peer: { name: CORE, value: 1020 },
    },
    { what: 'Master, resident', ours: m.resident, unit: 'MiB', peer: { name: PROXY, value: 75 } },
    { what: 'Master, anonymous', ours: m.anonymous, unit: 'MiB' },
    {
      what: 'Agent, resident',
      ours: a.resident,
      unit: 'MiB',
      peer: { name: `${CORE}, supervisord and watchdog`, value: 88 },
    },
    { what: 'Agent, anonymous', ours: a.anonymous, unit: 'MiB' },
    { what: 'Bare Node.js, resident', ours: b.resident, unit: 'MiB' },
    { what: 'slapos --version', ours: version, unit: 'ms', peer: { name: `${CORE}, slapos --help`, value: 1140 } },
    { what: 'slapos service list', ours: listing, unit: 'ms' },
  ]
}

async function repeated(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < 5; n++) times.push((await timed(work)).ms)
  return median(times)
}

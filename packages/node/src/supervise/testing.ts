/** What the tests of supervision share: a supervision directory of their own, and a look at real processes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../../test/eventually.ts'
import { createSupervisor, type SupervisorOptions } from './s6-supervisor.ts'
import type { ServiceDefinition, ServiceStatus, Supervisor } from './supervisor.ts'
import { waitUntil } from './wait.ts'

export interface Bench {
  readonly directory: string
  readonly supervisor: Supervisor
  /** A new object on the same directory, as a restarted agent makes it. */
  again(): Supervisor
  status(name: string): ServiceStatus
  pid(name: string): number
  /** Every process whose environment carries this bench's mark. */
  marked(): Promise<readonly number[]>
  /** Pids of processes whose command line holds all these words. */
  find(...words: readonly string[]): Promise<readonly number[]>
  end(): Promise<void>
}

export async function openBench(options: Partial<SupervisorOptions> = {}): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-supervise-'))
  const opened: Supervisor[] = []
  const again = () => {
    const supervisor = createSupervisor({ directory, ...options })
    opened.push(supervisor)
    return supervisor
  }
  const supervisor = again()
  await supervisor.open()
  const status = (name: string) => {
    const found = supervisor.status().find((each) => each.name === name)
    if (!found) throw new Error(`no service ${name}`)
    return found
  }
  return {
    directory,
    supervisor,
    again,
    status,
    pid: (name) => status(name).pid ?? 0,
    marked: () => processes(async (pid) => (await text(`/proc/${pid}/environ`)).includes(`${directory}:`)),
    find: (...words) =>
      processes(async (pid) => {
        const line = (await text(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ')
        return line !== '' && words.every((word) => line.includes(word))
      }),
    async end() {
      for (const each of opened) await each.close()
      const last = createSupervisor({ directory, ...options })
      await last.open()
      await last.stopEverything()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export function service(name: string, script: string, more: Partial<ServiceDefinition> = {}): ServiceDefinition {
  return {
    partition: 'slappart0',
    name,
    kind: 'service',
    command: ['/bin/sh', '-c', script],
    environment: {},
    directory: '/',
    runAs: { kind: 'self' },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 2000,
    hash: '1',
    watch: true,
    up: true,
    ...more,
  }
}

/** A zombie is gone: only its parent has not said so yet. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await text(`/proc/${pid}/stat`)
  return stat !== '' && !/\) [ZX] /.test(stat)
}

export const scannerOf = async (bench: Bench): Promise<number> => {
  for (const pid of await bench.find('s6-svscan')) {
    if ((await processDirectory(pid)) === join(bench.directory, 'scan')) return pid
  }
  return 0
}

/** The supervise of a service or logger, by the directory that it works in. */
export async function superviseOf(bench: Bench, id: string): Promise<number> {
  for (const pid of await bench.find('s6-supervise', id)) {
    if ((await processDirectory(pid)) === join(bench.directory, 'services', id)) return pid
  }
  return 0
}

export { eventually, waitUntil }

async function processDirectory(pid: number): Promise<string> {
  const { readlink } = await import('node:fs/promises')
  return readlink(`/proc/${pid}/cwd`).catch(() => '')
}

async function processes(matches: (pid: number) => Promise<boolean>): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map(async (pid) => ((await matches(pid)) ? pid : 0)))
  return found.filter((pid) => pid !== 0)
}

const text = (path: string) => readFile(path, 'utf8').catch(() => '')

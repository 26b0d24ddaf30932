import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { collect, type Finished, type RunOptions } from './collect.ts'
import type { Spawned, SpawnOptions } from './spawned.ts'

/** A set of network, mount, process and host name namespaces, held by one process of ours. */
export interface Namespace {
  readonly name: string
  /** Its process 1, as the machine sees it. */
  readonly pid: number
  /** Starts a program in it. */
  spawn(argv: readonly string[], options?: SpawnOptions): Spawned
  /** Runs a program to its end, whatever its exit code. */
  exec(argv: readonly string[], options?: RunOptions): Promise<Finished>
  /** Runs a program that must succeed; answers its standard output. */
  run(argv: readonly string[], options?: RunOptions): Promise<string>
  /** Ends every process in it; its interfaces and files go with them. */
  close(): Promise<void>
}

export interface NamespaceOptions {
  readonly name: string
  /** `fresh`: files of a newly installed machine. `machine`: the files of this machine. */
  readonly files: 'fresh' | 'machine'
  /** With `fresh`: directories of this machine to show read-only. */
  readonly show?: readonly string[]
}

const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
}

export async function openNamespace({ name, files, show = [] }: NamespaceOptions): Promise<Namespace> {
  const kinds = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child']
  const anchor = ['bash', join(import.meta.dirname, 'anchor.sh'), files, name, ...show]
  const holder = spawn('unshare', [...kinds, '--', ...anchor], { stdio: ['pipe', 'pipe', 'pipe'], env: environment })
  const ended = once(holder, 'exit')
  await ready(holder, name)
  const pid = await childOf(holder.pid)
  return {
    name,
    pid,
    ...enter(name, pid),
    async close() {
      holder.kill('SIGKILL')
      await ended
    },
  }
}

/** How programs are run in the namespaces of a process; `more`: options of nsenter(1) beside the usual namespaces. */
export function enter(
  name: string,
  pid: number,
  more: readonly string[] = [],
): Pick<Namespace, 'spawn' | 'exec' | 'run'> {
  const kinds = ['--net', '--mount', '--pid', '--uts', '--ipc', ...more]
  const start = (argv: readonly string[], { environment: extra = {}, cwd = '/' }: SpawnOptions = {}): Spawned => {
    const child = spawn('nsenter', ['--target', String(pid), ...kinds, '--root', `--wdns=${cwd}`, '--', ...argv], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...environment, ...extra },
    })
    child.stdin?.on('error', () => {}) // a program may end without reading what it is given
    return { child, signal: async (signal) => void process.kill(await childOf(child.pid), signal) }
  }
  const exec = (argv: readonly string[], options: RunOptions = {}) => collect(start(argv, options), argv, options)
  return {
    spawn: start,
    exec,
    async run(argv, options) {
      const done = await exec(argv, options)
      if (done.code !== 0) throw new Error(`${name}: ${argv.join(' ')} ended with ${done.code}: ${done.stderr}`)
      return done.stdout
    },
  }
}

async function ready(holder: ChildProcess, name: string): Promise<void> {
  let complaint = ''
  holder.stderr?.on('data', (data: Buffer) => {
    complaint += data.toString()
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  holder.stdout?.once('data', () => resolve())
  holder.once('error', reject)
  holder.once('exit', (code) => reject(new Error(`lab host ${name} did not start (${code}): ${complaint}`)))
  await promise
}

/** The only child of a wrapper, polled for because it appears a moment after the wrapper. */
export async function childOf(wrapper: number | undefined): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const text = await readFile(`/proc/${wrapper}/task/${wrapper}/children`, 'utf8')
    if (text.trim() !== '') return Number.parseInt(text, 10)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`process ${wrapper} started nothing`)
}

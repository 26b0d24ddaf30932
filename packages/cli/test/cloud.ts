/** A cloud of its own for a test file: started by `slapos up` in a temporary home, spoken to with `slapos` only. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeTree } from '@slapos/testkit/remove-tree.ts'
import { processes } from './processes.ts'

const program = join(import.meta.dirname, '../bin/slapos')
export const checkout = join(import.meta.dirname, '../../..')
export const helloworld = join(checkout, 'releases/helloworld')
export const postgres = join(checkout, 'releases/postgres')

export interface Result {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Up {
  readonly child: ChildProcess
  /** Seconds from the command to the summary. */
  readonly seconds: number
  /** Everything that it printed so far. */
  text(): string
  /** Waits until it printed that; answers the first group. */
  until(pattern: RegExp): Promise<string>
  /** Ctrl-C, and waits for its end. */
  stop(): Promise<void>
}

export interface TestCloud {
  readonly root: string
  readonly ports: readonly [api: number, panel: number]
  readonly nodeCfg: string
  readonly clientCfg: string
  readonly software: string
  readonly partitions: string
  /** Starts it, or starts it again, and waits for the summary. */
  up(...options: readonly string[]): Promise<Up>
  slapos(...words: readonly string[]): Promise<Result>
  /** `slapos` that must succeed; answers what it printed. */
  ok(...words: readonly string[]): Promise<string>
  /** As `ok`, with `--json`. */
  json(...words: readonly string[]): Promise<unknown>
  /** What `slapos node status --json` says, by title (`slappart0:greeter`). */
  services(): Promise<Readonly<Record<string, Service>>>
  /** Pid of the Master, or of the agent. */
  pid(part: 'master' | 'agent'): Promise<number>
  /** Processes that belong to this cloud. */
  processes(): Promise<readonly { readonly pid: number; readonly line: string }[]>
  /** Stops everything and leaves no process and no file. */
  end(): Promise<void>
}

export interface Service {
  readonly title: string
  readonly state: string
  readonly pid?: number
  readonly restarts?: number
}

export async function makeCloud(): Promise<TestCloud> {
  const root = await mkdtemp(join(tmpdir(), 'slapos-cloud-'))
  const ports = [await freePort(), await freePort()] as const
  const nodeCfg = join(root, 'node/etc/opt/slapos/slapos.cfg')
  const clientCfg = join(root, 'client/slapos-client.cfg')
  const environment = { ...process.env, SLAPOS_CONFIGURATION: nodeCfg, SLAPOS_CLIENT_CONFIGURATION: clientCfg }
  const living = new Set<Up>()

  const slapos = async (...words: readonly string[]): Promise<Result> => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: environment })
    const [out, err] = [collect(child, 'stdout'), collect(child, 'stderr')]
    const [code] = await once(child, 'close')
    return { code: code ?? -1, out: out.text, err: err.text }
  }
  const ok = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await slapos(...words)
    assert.equal(code, 0, `slapos ${words.join(' ')} ended with ${code}:\n${out}${err}`)
    return out
  }

  return {
    root,
    ports,
    nodeCfg,
    clientCfg,
    software: join(root, 'node/opt/slapgrid'),
    partitions: join(root, 'node/srv/slapgrid'),
    slapos,
    ok,
    async json(...words) {
      return JSON.parse(await ok(...words, '--json'))
    },
    async services() {
      // Exit 3 says that something does not run: to be seen in the lines.
      const lines: unknown = JSON.parse((await slapos('node', 'status', '--json')).out)
      assert.ok(Array.isArray(lines))
      return Object.fromEntries(lines.map((line: Service) => [line.title, line]))
    },
    pid: async (part) => Number((await readFile(join(root, `${part}.pid`), 'utf8')).trim()),
    processes: () => processes(root),
    async up(...options) {
      const words = ['up', '--home', root, '--api-port', String(ports[0]), '--panel-port', String(ports[1])]
      const up = watch(spawn(program, [...words, ...options], { stdio: ['ignore', 'pipe', 'pipe'] }))
      living.add(up)
      up.child.once('exit', () => living.delete(up))
      await up.until(/Ctrl-C stops/)
      return up
    },
    async end() {
      for (const up of living) await up.stop()
      await slapos('down', '--home', root)
      // Whatever a failed test left.
      for (const { pid } of await processes(root)) kill(pid)
      await removeTree(root)
    },
  }
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function watch(child: ChildProcess): Up {
  const begun = performance.now()
  let seconds = 0
  const said = collect(child, 'stdout', 'stderr')
  return {
    child,
    get seconds() {
      return seconds
    },
    text: () => said.text,
    async until(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const look = () => {
        const match = pattern.exec(said.text)
        if (match) resolve(match[1] ?? match[0])
      }
      const ended = (code: number | null) => reject(new Error(`slapos up ended with ${code}:\n${said.text}`))
      const late = setTimeout(() => reject(new Error(`slapos up did not print ${pattern}:\n${said.text}`)), 60_000)
      said.listeners.add(look)
      child.once('exit', ended)
      look()
      try {
        return await promise
      } finally {
        clearTimeout(late)
        said.listeners.delete(look)
        child.off('exit', ended)
        seconds ||= (performance.now() - begun) / 1000
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      const [code] = await ended
      assert.equal(code, 0, said.text)
    },
  }
}

function collect(child: ChildProcess, ...streams: readonly ('stdout' | 'stderr')[]) {
  const said = { text: '', listeners: new Set<() => void>() }
  for (const name of streams) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      said.text += chunk
      for (const listener of said.listeners) listener()
    })
  }
  return said
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  await new Promise((done) => server.close(done))
  return address.port
}

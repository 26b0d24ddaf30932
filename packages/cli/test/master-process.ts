import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

export const SLAPOS = join(import.meta.dirname, '../bin/slapos')
export const PASSWORD = 'a long enough secret'

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A Master as its administrator has it: `slapos master init`, then `slapos master start` in a process of its own. */
export interface MasterProcess {
  readonly directory: string
  readonly dataDirectory: string
  /** As it prints them; known once it was started. */
  readonly apiUrl: string
  readonly webUrl: string
  /** Its standard error so far. */
  readonly log: string
  readonly pid: number
  start(...options: readonly string[]): Promise<void>
  /** Ends it, and answers how it ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>
  /** `slapos master WORDS --data-directory ...` */
  run(...words: readonly string[]): Promise<Ran>
  /** As `run`, of a command that must succeed; answers its standard output. */
  ok(...words: readonly string[]): Promise<string>
  close(): Promise<void>
}

/** `slapos WORDS`, in a process of its own. */
export async function slapos(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(SLAPOS, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: typeof code === 'number' ? code : null, out, err }
}

export interface MasterProcessOptions {
  /** False: nothing is prepared, for a restore. */
  readonly init?: boolean
  readonly database?: string
}

/** One with a first user, `ada`, that does not run yet. */
export async function masterProcess({ init = true, database }: MasterProcessOptions = {}): Promise<MasterProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-master-process-'))
  const dataDirectory = join(directory, 'master')
  const seen = { apiUrl: '', webUrl: '', log: '' }
  let child: ChildProcess | undefined
  const run = (...words: readonly string[]) =>
    slapos(['master', ...words, '--data-directory', dataDirectory], { SLAPOS_PASSWORD: PASSWORD })
  const ok = async (...words: readonly string[]) => {
    const { code, out, err } = await run(...words)
    if (code !== 0) throw new Error(`slapos master ${words.join(' ')} ended with ${code}: ${err}`)
    return out
  }
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return null
    const ended = once(running, 'exit')
    running.kill(signal)
    const [code] = await ended
    return typeof code === 'number' ? code : null
  }
  const on = database === undefined ? [] : ['--database', database]
  if (init) await ok('init', '--login', 'ada', '--name', 'Ada', ...on)
  return {
    ...{ directory, dataDirectory, run, ok, end },
    get apiUrl() {
      return seen.apiUrl
    },
    get webUrl() {
      return seen.webUrl
    },
    get log() {
      return seen.log
    },
    get pid() {
      return child?.pid ?? 0
    },
    async start(...options) {
      const listen = options.includes('--api') ? [] : ['--api', '127.0.0.1:0', '--web', '127.0.0.1:0']
      const started = spawn(SLAPOS, ['master', 'start', '--data-directory', dataDirectory, ...listen, ...options], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      seen.log = ''
      started.stderr.on('data', (data: Buffer) => {
        seen.log += data.toString()
      })
      const exited = once(started, 'exit').then(() => Promise.reject(new Error(`the Master ended: ${seen.log}`)))
      exited.catch(() => {}) // it ends some time
      const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]()
      for (const name of ['apiUrl', 'webUrl'] as const) {
        const { value } = await Promise.race([lines.next(), exited])
        seen[name] = /(http\S+)$/.exec(String(value))?.[1] ?? ''
      }
    },
    async close() {
      await end('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

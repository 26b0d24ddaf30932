import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Host, Spawned } from '../src/net/index.ts'

/** A Master in a lab host, made and run by the commands that an administrator types, used as people use it. */
export interface CommandMaster {
  readonly host: Host
  readonly apiUrl: string
  readonly webUrl: string
  /** Starts it, and waits until it says where it listens. */
  start(): Promise<void>
  /** Ends it by a signal, and waits for its end. */
  end(signal: NodeJS.Signals): Promise<void>
  /** `slapos master WORDS`; answers what it prints. */
  run(...words: readonly string[]): Promise<string>
  /** One call of the panel's API, in the first user's session. Answers its JSON. */
  panel(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>
}

export interface CommandMasterOptions {
  /** What it serves to new machines. */
  readonly bundle: string
  /** Under the host's own /run, so that it goes with it. Default `/run/slapos-master`. */
  readonly dataDirectory?: string
  /** How others reach it, when not by the host's address. */
  readonly name?: string
}

const MAIN = join(import.meta.dirname, '../../packages/cli/src/main.ts')
const SLAPOS = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN]
const LOGIN = { user: 'ada', password: 'a long enough secret' } as const

/** `slapos master init`. The first user is Ada. */
export async function initCommandMaster(host: Host, options: CommandMasterOptions): Promise<CommandMaster> {
  const master = commandMaster(host, options)
  await master.run('init', '--login', LOGIN.user, '--password', LOGIN.password, '--name', 'Ada')
  return master
}

/** One whose data directory was prepared otherwise: by a restore. */
export function commandMaster(host: Host, options: CommandMasterOptions): CommandMaster {
  const { bundle, dataDirectory = '/run/slapos-master', name } = options
  const reached = name ?? host.ipv4
  const [apiUrl, webUrl] = [`https://${reached}:5443/`, `https://${reached}/`]
  const data = ['--data-directory', dataDirectory]
  let running: Spawned | undefined
  let csrf = ''

  async function call(method: string, path: string, body: unknown): Promise<unknown> {
    const jar = `${dataDirectory}.cookies`
    const words = ['--silent', '--show-error', '--insecure', '--max-time', '20', '--cookie', jar, '--cookie-jar', jar]
    const headers = ['--header', 'content-type: application/json', '--header', `x-csrf-token: ${csrf}`]
    const url = `https://${host.ipv4}/api/v1${path}`
    const sent = body === undefined ? [] : ['--data-binary', '@-']
    const text = await host.run(['curl', ...words, ...headers, '--request', method, ...sent, url], {
      input: body === undefined ? '' : JSON.stringify(body),
    })
    return JSON.parse(text)
  }

  return {
    ...{ host, apiUrl, webUrl },
    async start() {
      const listen = ['--api', `${host.ipv4}:5443`, '--web', `${host.ipv4}:443`]
      const shown = name === undefined ? [] : ['--api-url', apiUrl, '--web-url', webUrl]
      const words = ['master', 'start', ...data, ...listen, ...shown, '--bundle', bundle, '--allow-private-releases']
      const started = host.spawn([...SLAPOS, ...words])
      let said = ''
      started.child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
      if (!started.child.stdout) throw new Error('no output')
      const lines = createInterface({ input: started.child.stdout })
      const ended = once(started.child, 'exit').then(() => Promise.reject(new Error(`the Master ended: ${said}`)))
      ended.catch(() => {}) // it ends some time
      await Promise.race([once(lines, 'line'), ended])
      running = started
    },
    async end(signal) {
      if (!running) return
      const { child, signal: send } = running
      running = undefined
      const ended = once(child, 'exit')
      await send(signal)
      await ended
    },
    run: (...words) => host.run([...SLAPOS, 'master', ...words, ...data]),
    async panel(method, path, body) {
      if (csrf === '') {
        const me = await call('POST', '/session', LOGIN)
        if (typeof me !== 'object' || me === null || !('csrf' in me)) throw new Error(`log in: ${JSON.stringify(me)}`)
        csrf = String(me.csrf)
      }
      return call(method, path, body)
    },
  }
}

/** The text under a key of an answer; fails when there is none. */
export function textOf(answer: unknown, key: string): string {
  if (typeof answer === 'object' && answer !== null) {
    const value = new Map(Object.entries(answer)).get(key)
    if (typeof value === 'string') return value
  }
  throw new Error(`no ${key} in ${JSON.stringify(answer)}`)
}

/** Asks until the answer satisfies. Fails after the deadline, with the last answer. */
export async function until<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  timeoutMs = 90_000,
): Promise<T> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (satisfies(answer)) return answer
    if (performance.now() > end) throw new Error(`it stays ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

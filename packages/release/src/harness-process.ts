import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

interface ProcessOptions {
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly in?: string
  readonly partition: string
  readonly stopSignal?: NodeJS.Signals
  readonly stopTimeout?: number
}

export interface HarnessProcess {
  readonly pid: number
  /** What it has printed so far. */
  output(): string
  signal(signal: NodeJS.Signals): void
  /** As the node does: the stop signal, then SIGKILL after the stop timeout. */
  stop(): Promise<void>
  /** Resolves when it has ended. */
  readonly ended: Promise<number | null>
}

/** As root, programs run like in local mode: an unprivileged uid of a user namespace. */
const NAMESPACE =
  process.getuid?.() === 0 ? ['/usr/bin/unshare', '--user', '--map-user=65534', '--map-group=65534'] : []

function launch({ command, environment, in: folder, partition }: ProcessOptions): ChildProcess {
  const [program = '', ...args] = [...NAMESPACE, ...command]
  return spawn(program, args, {
    cwd: folder ? `${partition}/${folder}` : partition,
    env: { PATH: '/usr/bin:/bin', HOME: partition, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
}

export function startProcess(options: ProcessOptions): HarnessProcess {
  const child = launch(options)
  const { stopSignal = 'SIGTERM', stopTimeout = 10 } = options
  let printed = ''
  const collect = (chunk: Buffer) => {
    printed += chunk
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  ended.catch(() => {})
  const { pid = 0 } = child
  return {
    pid,
    ended,
    output: () => printed,
    signal: (signal) => void child.kill(signal),
    async stop() {
      child.kill(stopSignal)
      const timer = setTimeout(() => killGroup(pid), stopTimeout * 1000)
      await ended.catch(() => {})
      clearTimeout(timer)
      killGroup(pid)
    },
  }
}

/** Runs a command; answers its output, or throws with it. */
export async function runToEnd(
  what: string,
  options: ProcessOptions & { readonly timeoutMs: number },
): Promise<string> {
  const child = launch(options)
  let printed = ''
  child.stdout?.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr?.on('data', (chunk) => {
    printed += chunk
  })
  const timer = setTimeout(() => killGroup(child.pid ?? 0), options.timeoutMs)
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${printed}`)
  return printed
}

function killGroup(pid: number): void {
  try {
    if (pid > 0) process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}

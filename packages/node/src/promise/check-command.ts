import { type ChildProcess, spawn } from 'node:child_process'
import { becoming } from '../supervise/service-files.ts'
import type { Outcome, PartitionContext } from './check-outcome.ts'

const PATH = '/usr/local/bin:/usr/bin:/bin'
const OUTPUT_LIMIT = 64 * 1024
const GRACE_MS = 1000

/**
 * Exit code 0. The command runs as the partition's user, in its directory, with an empty environment and in a session
 * of its own; when the deadline comes the whole session gets SIGTERM, then SIGKILL.
 */
export async function checkCommand(
  command: readonly string[],
  { directory, runAs }: PartitionContext,
  userNamespaces: boolean,
  signal: AbortSignal,
): Promise<Outcome> {
  signal.throwIfAborted()
  const drop = becoming(runAs, userNamespaces)
  // `env` comes after the drop of rights: it is the partition's user who enters the directory.
  const words = ['env', '-i', `-C${directory}`, '--', `PATH=${PATH}`, `HOME=${directory}`, ...command]
  const [program = 'env', ...args] = drop === '' ? words : [...drop.split(' '), ...words]
  const child = spawn(program, args, { cwd: '/', env: { PATH }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const gather = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_LIMIT)
  }
  child.stdout.on('data', gather)
  child.stderr.on('data', gather)
  const code = await ended(child, signal)
  const text = output.trim()
  if (code === 0) return { ok: true, message: text || 'OK' }
  return { ok: false, message: text || `exit code ${code ?? 'none: it was killed'}` }
}

/** Exit code, null when a signal ended it. Rejects when the signal aborts, once the session is gone. */
function ended(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let killer: NodeJS.Timeout | undefined
    const abort = () => {
      kill(child, 'SIGTERM')
      killer = setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS)
    }
    signal.addEventListener('abort', abort, { once: true })
    const done = () => {
      clearTimeout(killer)
      signal.removeEventListener('abort', abort)
      // What it left in the background holds nothing of ours, and must not stay.
      kill(child, 'SIGKILL')
      child.stdout?.destroy()
      child.stderr?.destroy()
    }
    child.once('error', (error) => {
      done()
      reject(error)
    })
    child.once('exit', (code) => {
      // Let what is in the pipes arrive; a background child may hold them open, so this is not 'close'.
      setImmediate(() => {
        done()
        if (signal.aborted) reject(new Error('aborted'))
        else resolve(code)
      })
    })
  })
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // nobody is left
  }
}

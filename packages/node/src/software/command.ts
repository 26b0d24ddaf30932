import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { BuildContext } from './context.ts'
import { buildErrors } from './errors.ts'

export interface CommandOptions {
  readonly in?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Kept and answered instead of logged. */
  readonly capture?: boolean
  /** What the log shows instead of the whole command. */
  readonly shown?: string
}

/** Runs one command of a build, every line of its output logged as it comes. Answers the captured output. */
export async function runCommand(
  context: BuildContext,
  command: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { signal, say, prefix } = context
  signal.throwIfAborted()
  const words = [...prefix, ...command]
  const [program = '', ...args] = words
  if (!options.capture) say(`+ ${options.shown ?? command.join(' ')}`)
  const child = spawn(program, args, {
    cwd: options.in ?? context.directory,
    env: { ...context.environment, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a session of its own, killed as a whole
  })
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
  signal.addEventListener('abort', kill, { once: true })
  const captured: string[] = []
  if (options.capture) child.stdout.setEncoding('utf8').on('data', (chunk: string) => captured.push(chunk))
  else createInterface(child.stdout).on('line', say)
  createInterface(child.stderr).on('line', say)
  try {
    const end = await new Promise<string | undefined>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, killedBy) => {
        if (code === 0) resolve(undefined)
        else resolve(killedBy ? `signal ${killedBy}` : `exit code ${code}`)
      })
    })
    signal.throwIfAborted()
    if (end !== undefined) {
      const { step, logFile: log } = context
      throw buildErrors.BUILD_COMMAND({ step, command: command.slice(0, 4).join(' '), end, log })
    }
    return captured.join('')
  } finally {
    signal.removeEventListener('abort', kill)
    kill() // what it left in the background ends with it
  }
}

/** Absolute path of a program of this machine; a clear error without it. */
export function programOf(context: Pick<BuildContext, 'step'>, program: string): string {
  for (const folder of ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
    if (existsSync(`${folder}/${program}`)) return `${folder}/${program}`
  }
  throw buildErrors.BUILD_PROGRAM({ step: context.step, program })
}

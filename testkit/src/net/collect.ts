import { once } from 'node:events'
import type { Spawned, SpawnOptions } from './spawned.ts'

export interface RunOptions extends SpawnOptions {
  /** Standard input. */
  readonly input?: string
  /** Default 60000. */
  readonly timeoutMs?: number
}

export interface Finished {
  /** Exit code; -1 when it was killed by a signal. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Waits for the end of a program and gathers what it printed. */
export async function collect(
  { child, signal }: Spawned,
  argv: readonly string[],
  { input = '', timeoutMs = 60_000 }: RunOptions,
): Promise<Finished> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data: Buffer) => {
    stdout += data.toString()
  })
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString()
  })
  child.stdin?.end(input)
  let late = false
  const timer = setTimeout(() => {
    late = true
    signal('SIGKILL').catch(() => child.kill('SIGKILL'))
  }, timeoutMs)
  const closed = once(child, 'close')
  const [code]: unknown[] = await once(child, 'exit')
  clearTimeout(timer)
  // A daemon that the program left behind may hold its output open for ever: what is there comes within moments.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 300).unref())])
  child.stdout?.destroy()
  child.stderr?.destroy()
  if (late) throw new Error(`${argv.join(' ')} took longer than ${timeoutMs} ms: ${stdout}${stderr}`)
  return { code: typeof code === 'number' ? code : -1, stdout, stderr }
}

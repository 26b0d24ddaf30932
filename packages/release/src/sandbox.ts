import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'

/** The uid under which a process runs. Both ids are those of the host. */
export interface RunAs {
  readonly uid: number
  readonly gid: number
}

export interface SandboxOptions {
  readonly node: string
  readonly script: string
  /** Files and directories that may be read; nothing else can, nothing can be written. */
  readonly readable: readonly string[]
  readonly input: string
  readonly runAs?: RunAs
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly mostOutput: number
  readonly signal?: AbortSignal
}

export interface SandboxResult {
  readonly end: 'exit' | 'timeout' | 'output' | 'aborted'
  readonly code: number | null
  readonly killedBy: string | null
  readonly stdout: string
  /** The last part of it. */
  readonly stderr: string
}

const MOST_STDERR = 64 * 1024
/** Address space that V8 reserves writable at start, before any object exists; counted by the data limit. */
const RESERVED_MB = 768

/**
 * Runs a script that we do not trust: Node's permission model (no file but the readable ones, no network, no child, no
 * worker, no add-on), limits of the kernel on memory, time and files, an empty environment, and, where the machine
 * lets us, a process and network namespace of its own.
 */
export async function runSandboxed(options: SandboxOptions): Promise<SandboxResult> {
  const { node, script, readable, input, runAs, timeoutMs, memoryMb, mostOutput, signal } = options
  const command = [
    ...(await namespaces(runAs)),
    '/usr/bin/prlimit',
    `--data=${(RESERVED_MB + memoryMb) * 1024 * 1024}`,
    `--cpu=${Math.ceil(timeoutMs / 1000) + 1}`,
    '--fsize=0',
    '--core=0',
    '--nofile=256',
    '--',
    node,
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${memoryMb}`,
    '--disable-proto=throw',
    '--no-warnings',
    script,
  ]
  const [program = node, ...args] = command
  return await new Promise<SandboxResult>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: {},
      stdio: 'pipe',
      detached: true, // a group of its own, so that nothing of it survives
      ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
    })
    let end: SandboxResult['end'] = 'exit'
    const kill = (reason: SandboxResult['end']) => {
      if (end === 'exit') end = reason
      try {
        if (child.pid !== undefined) process.kill(-child.pid, constants.signals.SIGKILL)
      } catch {
        // It is gone already.
      }
    }
    const timer = setTimeout(() => kill('timeout'), timeoutMs)
    const aborted = () => kill('aborted')
    if (signal?.aborted) aborted()
    signal?.addEventListener('abort', aborted, { once: true })

    const output: Buffer[] = []
    let size = 0
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > mostOutput) return kill('output')
      output.push(chunk)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-MOST_STDERR)
    })
    child.stdin.on('error', () => {}) // it may end before it has read all
    child.stdin.end(input)
    child.on('error', (error) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      reject(error)
    })
    child.on('close', (code, killedBy) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      resolve({ end, code, killedBy, stdout: Buffer.concat(output).toString('utf8'), stderr: errors })
    })
  })
}

let probed: Promise<readonly string[]> | undefined

/** A partition's user needs no more; without one, the process gets a user, process and network namespace where it can. */
async function namespaces(runAs: RunAs | undefined): Promise<readonly string[]> {
  if (runAs) return []
  probed ??= probe()
  return await probed
}

async function probe(): Promise<readonly string[]> {
  const unshare = ['/usr/bin/unshare', '--user', '--pid', '--net', '--ipc', '--fork', '--kill-child']
  if (process.getuid?.() === 0) unshare.push('--map-user=65534', '--map-group=65534')
  const [program = '', ...args] = unshare
  if (!existsSync(program)) return []
  return await new Promise((resolve) => {
    const child = spawn(program, [...args, '/bin/true'], { stdio: 'ignore', env: {} })
    child.on('error', () => resolve([]))
    child.on('close', (code) => resolve(code === 0 ? unshare : []))
  })
}

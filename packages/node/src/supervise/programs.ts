import { spawn } from 'node:child_process'
import { messageOf } from '@slapos/base'
import { superviseErrors } from './errors.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const PACKAGES: Readonly<Record<string, string>> = { mkfifo: 'coreutils', unshare: 'util-linux', setpriv: 'util-linux' }

/** Runs a short program of the system with a clean environment; answers its exit code. */
export function run(
  program: string,
  args: readonly string[],
  { accept = [0] }: { readonly accept?: readonly number[] } = {},
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { PATH }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) =>
      reject(superviseErrors.SUPERVISION_MISSING({ program, package: PACKAGES[program] ?? 's6' }, error)),
    )
    child.on('close', (code) => {
      if (code !== null && accept.includes(code)) resolve({ code, output })
      else reject(new Error(`${program} ${args.join(' ')}: ${output.trim() || messageOf(code)}`))
    })
  })
}

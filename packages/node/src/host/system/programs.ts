import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Runs a program of the system in a clean environment and answers its output; the error holds what it said. */
export async function run([program = '', ...args]: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, args, {
      env: { PATH, LC_ALL: 'C' },
      timeout: 60_000,
      maxBuffer: 16 * 2 ** 20,
    })
    return stdout
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new Error(said === '' ? `${program}: ${String(error)}` : said, { cause: error })
  }
}

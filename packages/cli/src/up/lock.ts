import { open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { cliErrors } from '../errors.ts'
import type { Home } from './home.ts'

/**
 * One `slapos up` a home. The lock names the process and its start time, so that a lock left by a machine that lost
 * power, or by a process whose number was given to another, does not count.
 */
export async function lockHome(home: Home): Promise<AsyncDisposable> {
  const path = lockPath(home)
  const own = `${process.pid} ${await startTime(process.pid)}\n`
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o644)
      await handle.writeFile(own)
      await handle.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw cliErrors.HOME_NOT_WRITABLE({ path: home.root, reason: (error as Error).message }, error)
      }
      const pid = await holderOf(home)
      if (pid !== undefined || attempt > 3) throw cliErrors.HOME_IN_USE({ path: home.root, pid: pid ?? 'unknown' })
      await unlink(path).catch(() => {})
    }
  }
  return {
    async [Symbol.asyncDispose]() {
      if ((await readFile(path, 'utf8').catch(() => '')) === own) await unlink(path)
    },
  }
}

/** The living process that holds the lock. */
export async function holderOf(home: Home): Promise<number | undefined> {
  const [pid = '', started = ''] = (await readFile(lockPath(home), 'utf8').catch(() => '')).trim().split(' ')
  const alive = pid !== '' && started !== '' && (await startTime(Number(pid))) === started
  return alive ? Number(pid) : undefined
}

const lockPath = (home: Home): string => join(home.root, 'up.lock')

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat), or '' when there is none. */
async function startTime(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

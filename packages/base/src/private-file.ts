import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'

/**
 * Makes the file when it is not there, and its owner's alone in any case, before another program fills it. SQLite gives
 * its `-wal` and `-shm` the mode of the database; those that an older version left are corrected.
 */
export function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
  for (const each of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(each)) chmodSync(each, 0o600)
}

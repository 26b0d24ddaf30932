import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SQLITE = 'state.db'
const POSTGRES = 'state.pgdump'

/** The file of a backup that holds the database of this address. */
export const dumpName = (url: string): string => (isPostgres(url) ? POSTGRES : SQLITE)

/** Writes the database as it is at one moment into a folder, whatever is written meanwhile. */
export async function dump(url: string, folder: string): Promise<void> {
  const into = join(folder, dumpName(url))
  if (isPostgres(url)) {
    const { address, environment } = withoutPassword(url)
    await run('pg_dump', ['--format=custom', '--no-owner', `--file=${into}`, `--dbname=${address}`], {
      env: environment,
    })
    return
  }
  const source = new DatabaseSync(sqlitePath(url), { readOnly: true })
  try {
    source.prepare('VACUUM INTO ?').run(into)
  } finally {
    source.close()
  }
}

/** Into a database that holds nothing yet. */
export async function load(url: string, folder: string): Promise<void> {
  const from = join(folder, dumpName(url))
  if (!isPostgres(url)) return cp(from, sqlitePath(url), { errorOnExist: true, force: false })
  const { address, environment } = withoutPassword(url)
  const words = ['--no-owner', '--single-transaction', '--exit-on-error', `--dbname=${address}`, from]
  await run('pg_restore', words, { env: environment })
}

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url)

const sqlitePath = (url: string): string => url.replace(/^sqlite:(?:\/\/(?=\/))?/, '')

/** Arguments are for every user of the machine to read. */
function withoutPassword(url: string): { address: string; environment: NodeJS.ProcessEnv } {
  const parsed = new URL(url)
  const password = decodeURIComponent(parsed.password)
  parsed.password = ''
  return { address: parsed.href, environment: { ...process.env, ...(password !== '' && { PGPASSWORD: password }) } }
}

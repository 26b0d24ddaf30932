/** Makes the data directory, once: what is there already is never touched. */
import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const [binaries = '', data = '', user = '', passwordFile = ''] = process.argv.slice(2)

if (existsSync(join(data, 'PG_VERSION'))) {
  console.log(`${data} is there: kept`)
} else {
  // Made beside and renamed: what an interruption leaves is not mistaken for data.
  const partial = `${data}.new`
  rmSync(partial, { recursive: true, force: true })
  const options = ['--auth=scram-sha-256', '--locale=C.UTF-8', '--encoding=UTF8', '--no-instructions']
  execFileSync(
    join(binaries, 'initdb'),
    [`--pgdata=${partial}`, `--username=${user}`, `--pwfile=${passwordFile}`, ...options],
    {
      stdio: 'inherit',
    },
  )
  renameSync(partial, data)
}

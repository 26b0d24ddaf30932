/** Makes the database when it is not there, then becomes the server: signals reach it directly. */
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [binaries = '', data = '', config = '', database = ''] = process.argv.slice(2)
const postgres = join(binaries, 'postgres')
/** Remembers that the database was made, so that a start does not have to ask. */
const made = join(data, `slapos-made-${database}`)

if (!existsSync(made)) {
  // Alone with the data, before anyone can connect. That it exists already is said, and no failure.
  execFileSync(postgres, ['--single', '-D', data, '-c', `config_file=${config}`, 'template1'], {
    input: `CREATE DATABASE "${database}";\n`,
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  writeFileSync(made, '')
}
const { execve } = process
if (!execve) throw new Error('this Node.js cannot replace itself by another program')
execve.call(process, postgres, [postgres, '-D', data, '-c', `config_file=${config}`], process.env)

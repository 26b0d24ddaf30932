import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private PostgreSQL cluster: unix socket only, unsafe and fast, gone with its directory. */
export interface PostgresCluster {
  /** Makes an empty database and answers its URL. */
  database(): Promise<string>
  stop(): Promise<void>
}

/** Debian's account for the server; PostgreSQL refuses to run as root. */
const USER = 'postgres'
const asRoot = process.getuid?.() === 0

/** True when Debian's PostgreSQL is installed. */
export const hasPostgres = (): boolean => binaries() !== undefined

export async function startPostgres(): Promise<PostgresCluster> {
  const bin = binaries()
  if (bin === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  // The path of a unix socket is at most 107 bytes, wherever TMPDIR points.
  const home = await mkdtemp(join(tmpdir().length < 60 ? tmpdir() : '/tmp', 'pg-'))
  await chmod(home, 0o777)
  const data = join(home, 'data')
  const initialised = unprivileged(join(bin, 'initdb'), ['-D', data, '-U', 'slapos', '-A', 'trust', '-N', '-E', 'UTF8'])
  if (initialised.status !== 0) throw new Error(`initdb failed: ${initialised.stderr}`)
  const [program, ...args] = command(join(bin, 'postgres'), [
    ...['-D', data, '-k', home, '-h', '', '-F'],
    ...['-c', 'synchronous_commit=off', '-c', 'full_page_writes=off', '-c', 'shared_buffers=16MB'],
    ...['-c', 'max_connections=60', '-c', 'autovacuum=off'],
  ])
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  await ready(server)
  let made = 0
  return {
    async database() {
      made += 1
      const name = `t${made}_${randomBytes(3).toString('hex')}`
      const created = await run(join(bin, 'createdb'), ['-h', home, '-U', 'slapos', name])
      if (created !== '') throw new Error(`createdb failed: ${created}`)
      return `postgres://slapos@localhost/${name}?host=${encodeURIComponent(home)}`
    },
    async stop() {
      const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGQUIT') // nothing is worth saving
        await ended
      }
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function binaries(): string | undefined {
  const base = '/usr/lib/postgresql'
  if (!existsSync(base)) return undefined
  const versions = readdirSync(base).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(base, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

function command(program: string, args: readonly string[]): [string, ...string[]] {
  if (!asRoot) return [program, ...args]
  // The server dies with the test that started it, even when that is killed.
  const drop = ['--reuid', USER, '--regid', USER, '--init-groups', '--pdeathsig', 'QUIT']
  return ['setpriv', ...drop, program, ...args]
}

function unprivileged(program: string, args: readonly string[]) {
  const [first, ...rest] = command(program, args)
  return spawnSync(first, rest, { encoding: 'utf8', cwd: '/' })
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const deadline = setTimeout(() => reject(new Error(`PostgreSQL did not start: ${said}`)), 30_000)
    const settle = (act: () => void) => {
      clearTimeout(deadline)
      act()
    }
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
      if (said.includes('ready to accept connections')) settle(resolve)
    })
    server.once('error', (error) => settle(() => reject(error)))
    server.once('exit', () => settle(() => reject(new Error(`PostgreSQL ended: ${said}`))))
  })
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0 ? '' : said || `exit ${code}`))
  })
}

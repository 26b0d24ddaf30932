/** A whole cloud as a person starts it, for the sections that need one. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
export const slapos = join(root, 'packages/cli/bin/slapos')
export const helloworld = join(root, 'releases/helloworld')
export const run = promisify(execFile)

/** The configuration files of the cloud in `home`, as options of commands. */
export const nodeOptions = (home: string) => ['--cfg', join(home, 'node/etc/opt/slapos/slapos.cfg')] as const
export const clientOptions = (home: string) => ['--cfg', join(home, 'client/slapos-client.cfg')] as const

/** Two free ports, as options of `slapos up`. */
export async function freePorts(): Promise<readonly string[]> {
  return ['--api-port', String(await freePort()), '--panel-port', String(await freePort())]
}

/** Waits until the service has an address and answers there. */
export async function answering(title: string, client: readonly string[]): Promise<void> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; ) {
    const { stdout } = await run(slapos, ['service', 'info', title, ...client]).catch(() => ({ stdout: '{}' }))
    const url: unknown = JSON.parse(stdout)['connection-parameters']?.url
    const ok =
      typeof url === 'string' &&
      (await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      ))
    if (ok) return
  }
  throw new Error(`${title} did not answer`)
}

/** Starts the cloud, and waits for its first service. */
export async function up(home: string, ports: readonly string[]) {
  const child = spawn(slapos, ['up', '--home', home, ...ports], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  const service = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk
      const found = /Service hello +(\S+)/.exec(text)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`slapos up ended with ${code}: ${text}`)))
  })
  return {
    service,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}

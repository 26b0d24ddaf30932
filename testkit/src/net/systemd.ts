import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finished, RunOptions } from './collect.ts'
import type { Host } from './host.ts'
import type { Spawned } from './spawned.ts'

/** A lab host whose process 1 is a real systemd. */
export interface SystemdMachine {
  exec(argv: readonly string[], options?: RunOptions): Promise<Finished>
  run(argv: readonly string[], options?: RunOptions): Promise<string>
  /**
   * As pulling the plug and putting it back: every process ends at once; files outside /run and /tmp stay; addresses and
   * firewall rules that programs had added are gone.
   */
  restart(): Promise<void>
  /** Ends it, and its cgroup. To be called before the lab is closed. */
  off(): Promise<void>
}

const PROGRAM = '/lib/systemd/systemd'

/** Why systemd cannot run in a lab host here; undefined when it can. */
export function systemdUnavailable(): string | undefined {
  return existsSync(PROGRAM) ? undefined : `${PROGRAM} is missing: install systemd`
}

/** Boots systemd in a host with `fresh` files. Answers why it cannot be where the kernel gives us no cgroup to boot it in. */
export async function bootSystemd(host: Host): Promise<SystemdMachine | string> {
  const group = `slapos-lab-${host.pid}`
  const refused = await host.exec(['sh', '-c', `mount -t cgroup2 none /mnt && mkdir /mnt/${group} && umount /mnt`])
  if (refused.code !== 0) return `systemd needs a cgroup of its own: ${refused.stderr.trim()}`
  const script = await readFile(join(import.meta.dirname, 'systemd-boot.sh'), 'utf8')
  let running: { readonly started: Spawned; readonly pid: string } | undefined

  async function boot(): Promise<void> {
    const started = host.spawn(['bash', '-c', script, 'boot', group])
    let said = ''
    started.child.stderr?.on('data', (data: Buffer) => {
      said += data.toString()
    })
    for (;;) {
      if (started.child.exitCode !== null) throw new Error(`systemd did not start on ${host.name}: ${said}`)
      const pid = (await host.exec(['pgrep', '-o', '-x', 'systemd'])).stdout.trim()
      running = { started, pid }
      if (pid !== '' && /^(running|degraded)$/m.test((await exec(['systemctl', 'is-system-running'])).stdout)) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  const exec = (argv: readonly string[], { cwd = '/', ...options }: RunOptions = {}) =>
    host.exec(['nsenter', '-t', running?.pid ?? '', '-m', '-p', '-i', '-C', `--wdns=${cwd}`, '--', ...argv], options)

  async function cut(): Promise<void> {
    if (!running) return
    await host.exec(['kill', '-9', running.pid])
    running = undefined
    while ((await host.exec(['pgrep', '-x', 'systemd'])).code === 0) await new Promise((r) => setTimeout(r, 20))
  }

  await boot()
  return {
    exec,
    async run(argv, options) {
      const done = await exec(argv, options)
      if (done.code !== 0) throw new Error(`${host.name}: ${argv.join(' ')} ended with ${done.code}: ${done.stderr}`)
      return done.stdout
    },
    async restart() {
      await cut()
      await host.run(['ip', 'address', 'flush', 'dev', 'lo'])
      await host.run(['ip', 'link', 'set', 'lo', 'down'])
      await host.run(['ip', 'link', 'set', 'lo', 'up'])
      await host.run(['nft', 'flush', 'ruleset'])
      await boot()
    },
    async off() {
      await cut()
      const empty = `find /mnt/${group} -depth -type d -exec rmdir {} +`
      await host.exec(['sh', '-c', `mount -t cgroup2 none /mnt; ${empty}; umount /mnt`])
    },
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labUnavailable } from './available.ts'
import type { Host } from './host.ts'
import { childOf, enter, type Namespace } from './namespace.ts'

/** A lab host whose process 1 is systemd, with its journal, its units and its boot. */
export interface BootedMachine extends Pick<Namespace, 'exec' | 'run' | 'spawn'> {
  /** Cuts the power: every process ends at once; the files stay for the next boot. */
  powerOff(): Promise<void>
}

/** Why no systemd can be booted here; undefined when one can. */
export function bootUnavailable(): string | undefined {
  if (!existsSync('/lib/systemd/systemd')) return 'systemd is not installed'
  if (unifiedHierarchy() === undefined) return 'this kernel shows no cgroup2 file system'
  return labUnavailable()
}

/** Boots systemd on the files and the network of a `fresh` lab host, and waits until the boot is over. */
export async function boot(host: Host): Promise<BootedMachine> {
  const group = join(unifiedHierarchy() ?? '', `slapos-lab-${process.pid}-${host.name}`)
  await mkdir(group, { recursive: true })
  const kinds = ['--mount', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child']
  // The cgroup that the machine sees as its root is the one in which its namespace was made: it waits until it is there.
  const holder = host.spawn([
    'sh',
    '-c',
    'read -r _ && exec "$@"',
    'sh',
    'unshare',
    ...kinds,
    '--',
    'bash',
    '-c',
    SCRIPT,
  ])
  let complaint = ''
  holder.child.stderr?.on('data', (data: Buffer) => {
    complaint += data.toString()
  })
  const ended = new Promise<void>((resolve) => holder.child.once('exit', () => resolve()))
  const wrapper = await childOf(holder.child.pid)
  await writeFile(join(group, 'cgroup.procs'), String(wrapper))
  holder.child.stdin?.write('\n')
  const first = await childOf(wrapper).catch(async (error: unknown) => {
    throw new Error(`systemd was not started in ${host.name}: ${complaint}`, { cause: error })
  })
  const machine = enter(host.name, first, ['--cgroup'])
  const powerOff = async () => {
    process.kill(wrapper, 'SIGKILL')
    await ended
    await emptied(group)
    await removeGroup(group)
  }
  // `degraded` is a boot that ended, too: the kernel of a test machine has not everything that Debian's units ask for.
  const state = await settled(machine)
  if (state === 'running' || state === 'degraded') return { ...machine, powerOff }
  await powerOff()
  throw new Error(`systemd did not boot in ${host.name}: ${state} ${complaint}`)
}

/** As text: a fresh host does not see the file. */
const SCRIPT = readFileSync(join(import.meta.dirname, 'boot.sh'), 'utf8')
const BOOT_MS = 60_000

async function settled(machine: Pick<Namespace, 'exec'>): Promise<string> {
  const end = performance.now() + BOOT_MS
  for (;;) {
    const { stdout, stderr } = await machine.exec(['systemctl', 'is-system-running', '--wait'])
    const state = stdout.trim()
    if (/^(running|degraded|maintenance)$/.test(state)) return state
    if (performance.now() > end) return state || stderr
    await new Promise((resolve) => setTimeout(resolve, 50)) // its socket is not there yet
  }
}

/** Where this machine shows cgroups of version 2, alone or beside version 1. */
function unifiedHierarchy(): string | undefined {
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((each) => each.includes(' - cgroup2 '))
  return line?.split(' ')[4]
}

/** A process that was killed takes a moment to end. */
async function emptied(group: string): Promise<void> {
  while (!/^populated 0$/m.test(await readFile(join(group, 'cgroup.events'), 'utf8')))
    await new Promise((resolve) => setTimeout(resolve, 5))
}

/** The kernel removes only groups without processes and without groups below. */
async function removeGroup(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isDirectory()) await removeGroup(join(path, entry.name))
  await rmdir(path)
}

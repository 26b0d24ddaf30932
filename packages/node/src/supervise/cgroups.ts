import { createHash } from 'node:crypto'
import { access, constants, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of this node among others on the machine. */
export const groupName = (base: string): string =>
  `slapos-${createHash('sha256').update(base).digest('hex').slice(0, 8)}`

/**
 * A directory of the unified cgroup tree where this node's services may have a group each, so that whatever they fork
 * is found and killed; undefined where we may make none (no root, or a container): sessions and marks serve then.
 */
export async function findCgroups(base: string): Promise<string | undefined> {
  const mounts = await readFile('/proc/self/mounts', 'utf8').catch(() => '')
  const mount = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type]) => type === 'cgroup2')?.[1]
  if (mount === undefined) return undefined
  const directory = join(mount, groupName(base))
  try {
    await mkdir(directory, { recursive: true })
    await access(join(directory, 'cgroup.procs'), constants.W_OK)
  } catch {
    return undefined
  }
  // What limits need, as far as the system does not keep it in hierarchies of its own (`limit-groups.ts`).
  for (const place of [mount, directory]) {
    for (const controller of ['memory', 'pids', 'cpu']) {
      await writeFile(join(place, 'cgroup.subtree_control'), `+${controller}`).catch(() => {})
    }
  }
  return directory
}

/** A service's group stands in that of its partition, whose limits hold for all of them. */
export const serviceGroup = (cgroups: string, partition: string, id: string): string =>
  partition === '' ? join(cgroups, id) : join(cgroups, partition, id)

/** The pids of what runs in a partition, wherever an earlier version put its services. */
export async function runningIn(cgroups: string, partition: string): Promise<readonly string[]> {
  const within = await readdir(join(cgroups, partition)).catch(() => [])
  const beside = await readdir(cgroups).catch(() => [])
  const groups = [
    ...within.map((name) => join(cgroups, partition, name)),
    ...beside.filter((name) => name.startsWith(`${partition}:`)).map((name) => join(cgroups, name)),
  ]
  const lists = await Promise.all(groups.map((group) => readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '')))
  return lists.flatMap((list) => list.split('\n')).filter((pid) => pid !== '')
}

/** Removes our directory with the groups in it that nothing uses. */
export async function removeGroups(directory: string, depth = 2): Promise<void> {
  const entries = depth === 0 ? [] : await readdir(directory, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeGroups(join(directory, entry.name), depth - 1)
  await rmdir(directory).catch(() => {})
}

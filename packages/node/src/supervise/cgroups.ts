import { createHash } from 'node:crypto'
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

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
  const name = createHash('sha256').update(base).digest('hex').slice(0, 8)
  const directory = join(mount, `slapos-${name}`)
  try {
    await mkdir(directory, { recursive: true })
    await access(join(directory, 'cgroup.procs'), constants.W_OK)
  } catch {
    return undefined
  }
  // Limits need these controllers; where the system keeps them elsewhere (cgroup v1), there are no limits.
  for (const place of [mount, directory]) {
    await writeFile(join(place, 'cgroup.subtree_control'), '+memory +pids').catch(() => {})
  }
  return directory
}

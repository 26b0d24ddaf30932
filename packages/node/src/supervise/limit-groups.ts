import { access, constants, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { groupName } from './cgroups.ts'
import type { PartitionLimits } from './limits.ts'

/** The kernel's part that enforces one kind of limit. */
export const CONTROLLERS = ['memory', 'pids', 'cpu'] as const
export type Controller = (typeof CONTROLLERS)[number]

/** Where the groups of this node's partitions stand for a controller: in its own hierarchy (1), or in the one tree (2). */
export interface ControllerPlace {
  readonly version: 1 | 2
  readonly directory: string
}
export type ControllerPlaces = Readonly<Partial<Record<Controller, ControllerPlace>>>

/** `cgroups`: our directory of the unified tree. Finds nothing where we may make no groups. */
export async function findControllers(base: string, cgroups: string | undefined): Promise<ControllerPlaces> {
  const mounts = (await text('/proc/self/mounts')).split('\n').map((line) => line.split(' '))
  const unified = cgroups === undefined ? [] : (await text(join(cgroups, 'cgroup.subtree_control'))).trim().split(' ')
  const places: Partial<Record<Controller, ControllerPlace>> = {}
  for (const controller of CONTROLLERS) {
    if (cgroups !== undefined && unified.includes(controller)) {
      places[controller] = { version: 2, directory: cgroups }
      continue
    }
    const mount = mounts.find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes(controller))
    const root = mount?.[1]
    if (root === undefined || !(await writable(root))) continue
    places[controller] = { version: 1, directory: join(root, groupName(base)) }
  }
  return places
}

/** Files of a partition's group and what they say. Pure. */
export function limitFiles(
  controller: Controller,
  version: 1 | 2,
  { memoryBytes, processes, cpus }: PartitionLimits,
): readonly (readonly [file: string, value: string])[] {
  switch (controller) {
    case 'memory':
      return version === 2
        ? [['memory.max', String(memoryBytes ?? 'max')]]
        : [['memory.limit_in_bytes', String(memoryBytes ?? -1)]]
    case 'pids':
      return [['pids.max', String(processes ?? 'max')]]
    case 'cpu': {
      const quota = cpus === undefined ? undefined : Math.max(1000, Math.round(cpus * PERIOD))
      return version === 2
        ? [['cpu.max', `${quota ?? 'max'} ${PERIOD}`]]
        : [
            ['cpu.cfs_period_us', String(PERIOD)],
            ['cpu.cfs_quota_us', String(quota ?? -1)],
          ]
    }
  }
}

/** Microseconds over which processor time is counted. */
const PERIOD = 100_000

const OF: Readonly<Record<Controller, keyof PartitionLimits>> = {
  memory: 'memoryBytes',
  pids: 'processes',
  cpu: 'cpus',
}

/**
 * Makes limits hold for all that runs in a partition, and for what will run. Answers, of what is limited, what the
 * kernel does not enforce here, with the reason.
 */
export async function setLimits(
  places: ControllerPlaces,
  partition: string,
  limits: PartitionLimits,
  running: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const missing: string[] = []
  for (const controller of CONTROLLERS) {
    const place = places[controller]
    const limited = limits[OF[controller]] !== undefined
    if (!place) {
      if (limited) missing.push(`${controller} (no cgroup with that controller)`)
      continue
    }
    const group = join(place.directory, partition)
    const there = (await readdir(group).catch(() => undefined)) !== undefined
    if (!limited && !there) continue
    try {
      await mkdir(group, { recursive: true })
      for (const [file, value] of limitFiles(controller, place.version, limits))
        await writeFile(join(group, file), value)
      if (place.version === 1) await moveInto(group, running)
    } catch (error) {
      missing.push(`${controller} (${error instanceof Error ? error.message : String(error)})`)
    }
  }
  return missing
}

/** In a hierarchy of its own, what runs already is not there yet; what it forks meanwhile is found by the second look. */
async function moveInto(group: string, running: () => Promise<readonly string[]>): Promise<void> {
  for (let look = 0; look < 2; look++) {
    const inside = new Set((await text(join(group, 'cgroup.procs'))).split('\n'))
    for (const pid of await running()) {
      if (!inside.has(pid)) await writeFile(join(group, 'cgroup.procs'), pid).catch(() => {}) // it has ended
    }
  }
}

/** After the last service of a partition. */
export async function dropLimits(places: ControllerPlaces, partition: string): Promise<void> {
  for (const controller of CONTROLLERS) {
    const place = places[controller]
    if (!place) continue
    await rmdir(join(place.directory, partition)).catch(() => {})
    // Of a hierarchy of its own: until another partition has limits. One with groups in it stays.
    if (place.version === 1) await rmdir(place.directory).catch(() => {})
  }
}

/** Containers often see the hierarchies read-only. */
const writable = (path: string) =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  )

const text = (path: string) => readFile(path, 'utf8').catch(() => '')

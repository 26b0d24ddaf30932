/** What partitions use, read from /proc. Cheap: one directory listing, and two small files a process that is ours. */
import { readdir, readFile } from 'node:fs/promises'
import { cpus } from 'node:os'

export interface ProcessSample {
  readonly pid: number
  readonly parent: number
  /** Session leader: services are sessions of their own, so it tells to which one a process belongs. */
  readonly session: number
  /** Processor time, seconds. */
  readonly cpuSeconds: number
  readonly memoryBytes: number
}

const TICKS = 100
const PAGE = 4096

/** Fields of /proc/PID/stat, the name (which may hold anything) skipped. Pure. */
export function parseStat(text: string): ProcessSample | undefined {
  const end = text.lastIndexOf(')')
  const pid = Number.parseInt(text, 10)
  const fields = text
    .slice(end + 2)
    .split(' ')
    .map(Number)
  const [, parent, , session] = fields
  const [user, system, rss] = [fields[11], fields[12], fields[21]]
  if (end < 0 || !Number.isInteger(pid) || parent === undefined || session === undefined) return undefined
  if (user === undefined || system === undefined || rss === undefined) return undefined
  return { pid, parent, session, cpuSeconds: (user + system) / TICKS, memoryBytes: rss * PAGE }
}

export async function sampleProcesses(): Promise<readonly ProcessSample[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const samples = await Promise.all(
    names.map(async (name) => parseStat(await readFile(`/proc/${name}/stat`, 'utf8').catch(() => ''))),
  )
  return samples.filter((sample) => sample !== undefined)
}

export interface UsageTotals {
  readonly cpuSeconds: number
  readonly memoryBytes: number
  readonly processes: number
}

/** Sums per partition: a process belongs to the service whose process it descends from or whose session it is in. Pure. */
export function usageByPartition(
  samples: readonly ProcessSample[],
  roots: ReadonlyMap<number, string>,
): ReadonlyMap<string, UsageTotals> {
  const byPid = new Map(samples.map((sample) => [sample.pid, sample]))
  const ownerOf = (sample: ProcessSample): string | undefined => {
    const bySession = roots.get(sample.session)
    if (bySession !== undefined) return bySession
    const seen = new Set<number>()
    for (let at: ProcessSample | undefined = sample; at && !seen.has(at.pid); at = byPid.get(at.parent)) {
      const owner = roots.get(at.pid)
      if (owner !== undefined) return owner
      seen.add(at.pid)
    }
    return undefined
  }
  const totals = new Map<string, UsageTotals>()
  for (const sample of samples) {
    const owner = ownerOf(sample)
    if (owner === undefined) continue
    const before = totals.get(owner) ?? { cpuSeconds: 0, memoryBytes: 0, processes: 0 }
    totals.set(owner, {
      cpuSeconds: before.cpuSeconds + sample.cpuSeconds,
      memoryBytes: before.memoryBytes + sample.memoryBytes,
      processes: before.processes + 1,
    })
  }
  return totals
}

export const coreCount = (): number => cpus().length

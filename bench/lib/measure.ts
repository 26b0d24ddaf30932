import { readFileSync } from 'node:fs'

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Wall time of one call, milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const begun = performance.now()
  const value = await work()
  return { value, ms: performance.now() - begun }
}

/** Repeats `work` for about `ms` with `lanes` in flight; answers how often it was done in how long. */
export async function throughput(
  ms: number,
  lanes: number,
  work: (lane: number) => Promise<unknown>,
): Promise<{ readonly count: number; readonly seconds: number }> {
  const begun = performance.now()
  let count = 0
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      while (performance.now() - begun < ms) {
        await work(lane)
        count++
      }
    }),
  )
  return { count, seconds: (performance.now() - begun) / 1000 }
}

const TICKS = 100

/** CPU seconds (user and system) that a process has used: fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** Resident and anonymous memory of a process, MiB. */
export function memory(pid: number): { readonly resident: number; readonly anonymous: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
  return { resident: mib('VmRSS'), anonymous: mib('RssAnon') }
}

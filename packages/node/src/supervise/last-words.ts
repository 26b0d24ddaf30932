import type { Clock } from '@slapos/base'
import { tailLog } from './logs.ts'

/** How long the log of an end is waited for: the logger may just be starting anew. */
const LOGGER_MS = 2000
const BYTES = 4000
/** What `finish` says last. */
const END_LINE = / slapos: process (\d+) ended$/

/**
 * What a run of a program said last, once the logger has written it all: it has when it wrote the line that ends a run.
 * `pid`: of that run; undefined: the last one that ended.
 */
export async function lastWords(logDirectory: string, clock: Clock, pid?: number): Promise<string> {
  const patience = clock.monotonic() + LOGGER_MS
  for (;;) {
    const lines = (await tailLog(logDirectory, BYTES)).trimEnd().split('\n')
    const end = lines.findLastIndex((line) => endOf(line) === pid || (pid === undefined && endOf(line) !== undefined))
    if (end >= 0 || clock.monotonic() >= patience) {
      const run = end >= 0 ? lines.slice(0, end) : lines
      return run.slice(run.findLastIndex((line) => endOf(line) !== undefined) + 1).join('\n')
    }
    await clock.sleep(10)
  }
}

function endOf(line: string): number | undefined {
  const pid = END_LINE.exec(line)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

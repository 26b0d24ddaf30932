import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { backoffDelay, readVersioned, writeVersioned } from '@slapos/base'

/** The failures of a release's build since it last succeeded; kept across restarts of the agent. */
export interface FailureRecord {
  readonly url: string
  readonly failures: number
  /** Wall clock, milliseconds. */
  readonly failedAt: number
  readonly delayMs: number
  readonly message: string
}

const file = (folder: string, key: string) => join(folder, `${key}.json`)

export async function readFailure(folder: string, key: string): Promise<FailureRecord | undefined> {
  const record = await readVersioned(file(folder, key), 1)
  if (!record) return undefined
  const { url, failures, failedAt, delayMs, message } = record
  return {
    url: String(url),
    failures: Number(failures) || 1,
    failedAt: Number(failedAt) || 0,
    delayMs: Number(delayMs) || 0,
    message: String(message),
  }
}

export async function recordFailure(folder: string, key: string, url: string, message: string, now: number) {
  const failures = ((await readFailure(folder, key))?.failures ?? 0) + 1
  const delayMs = Math.round(backoffDelay(failures, { first: 30_000, most: 3_600_000 }))
  const record: FailureRecord = { url, failures, failedAt: now, delayMs, message }
  await mkdir(folder, { recursive: true })
  await writeVersioned(file(folder, key), 1, { ...record })
  return record
}

export async function clearFailure(folder: string, key: string): Promise<void> {
  await rm(file(folder, key), { force: true })
}

/** Milliseconds until the next try; a clock that was set back does not prolong it. */
export function remaining({ failedAt, delayMs }: FailureRecord, now: number): number {
  return Math.min(delayMs, Math.max(0, failedAt + delayMs - now))
}

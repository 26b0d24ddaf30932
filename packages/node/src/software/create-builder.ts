import { createWriteStream, existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { isSlapError, messageOf, readVersioned, systemClock } from '@slapos/base'
import { spaceMissing } from '../space.ts'
import { buildRelease } from './build.ts'
import {
  type Builder,
  type BuilderOptions,
  type BuildOutcome,
  type BuildProgress,
  type BuiltRelease,
  releaseKey,
} from './builder.ts'
import { buildEnvironment, commandPrefix } from './environment.ts'
import { buildErrors } from './errors.ts'
import { clearFailure, readFailure, recordFailure, remaining } from './failure-record.ts'
import { removeTree } from './remove-tree.ts'
import { pinRuntime } from './runtime.ts'
import { createSlots } from './slots.ts'

/** What is reported of a failed build's output, characters. */
const REPORTED = 32 * 1024

interface Running {
  readonly controller: AbortController
  readonly outcome: Promise<BuildOutcome>
  progress: BuildProgress
}

export function createBuilder(options: BuilderOptions): Builder {
  const { softwareRoot, runtimeRoot, node = process.execPath, log, localSources = false, buildUser } = options
  const { clock = systemClock, parallel = 2, minFreeBytes = 1_000_000_000, onProgress = () => {} } = options
  const failures = join(softwareRoot, '.state')
  const logs = join(softwareRoot, '.log')
  const slots = createSlots(parallel)
  const running = new Map<string, Running>()
  const directory = (url: string) => join(softwareRoot, releaseKey(url))
  const logFile = (url: string) => join(logs, `${releaseKey(url)}.log`)
  const isThere = (url: string) => existsSync(join(directory(url), '.completed'))

  async function build(url: string, { force = false } = {}): Promise<BuildOutcome> {
    const current = running.get(url)
    if (current) return await current.outcome
    if (!force && isThere(url)) return { kind: 'available', directory: directory(url), built: false }
    const controller = new AbortController()
    const start = Promise.withResolvers<void>()
    const entry: Running = {
      controller,
      progress: initial(url, clock.now()),
      outcome: start.promise.then(() => attempt(url, force, entry)).finally(() => running.delete(url)),
    }
    running.set(url, entry)
    start.resolve()
    return await entry.outcome
  }

  async function attempt(url: string, force: boolean, entry: Running): Promise<BuildOutcome> {
    const key = releaseKey(url)
    const { signal } = entry.controller
    const tail: string[] = []
    try {
      const failed = await readFailure(failures, key)
      const wait = failed ? remaining(failed, clock.now()) : 0
      if (failed && wait > 0 && !force) return { kind: 'waiting', message: failed.message, retryInMs: wait }
      const release = await slots.take(signal)
      try {
        await run(url, entry, tail)
      } finally {
        release()
      }
      await clearFailure(failures, key)
      report(entry, { phase: 'available', lines: [] })
      return { kind: 'available', directory: directory(url), built: true }
    } catch (error) {
      if (signal.aborted) return { kind: 'cancelled' }
      return await fail(url, entry, tail, error)
    }
  }

  async function run(url: string, entry: Running, tail: string[]): Promise<void> {
    await mkdir(softwareRoot, { recursive: true })
    await mkdir(logs, { recursive: true })
    log.info(`Installing software release ${url}...`)
    const missing = await spaceMissing(softwareRoot, minFreeBytes)
    if (missing) throw buildErrors.BUILD_SPACE({ path: softwareRoot, ...missing })
    const pinned = await pinRuntime(runtimeRoot, node)
    const destination = directory(url)
    const work = join(softwareRoot, `.building-${releaseKey(url)}`)
    const file = createWriteStream(logFile(url), { mode: 0o640 })
    file.on('error', (error) => log.warning(`cannot write ${logFile(url)}: ${error.message}`))
    try {
      await buildRelease({
        url,
        directory: work,
        destination,
        node: pinned,
        cache: join(softwareRoot, '.cache'),
        environment: buildEnvironment({ directory: work, destination, node: pinned }),
        signal: entry.controller.signal,
        localSources,
        prefix: commandPrefix(buildUser),
        buildUser,
        logFile: logFile(url),
        now: () => new Date(clock.now()),
        say(line) {
          file.write(`${line}\n`)
          log.info(line)
          remember(tail, line)
          report(entry, { lines: [line] })
        },
        onPhase(phase, step, steps) {
          report(entry, { phase, step, steps, since: clock.now(), lines: [] })
        },
      })
    } finally {
      file.end()
      await finished(file).catch(() => {})
    }
  }

  async function fail(url: string, entry: Running, tail: readonly string[], error: unknown): Promise<BuildOutcome> {
    const message = isSlapError(error) ? error.line : `the build of ${url} failed: ${messageOf(error)}`
    log.error(message)
    const record = await recordFailure(failures, releaseKey(url), url, message, clock.now()).catch((problem) => {
      log.error(`cannot record the failure of ${url}: ${messageOf(problem)}`)
      return undefined
    })
    report(entry, { phase: 'failed', failed: true, message, lines: [] })
    const text = `${message}\n${tail.join('\n')}`.slice(0, REPORTED)
    return { kind: 'failed', message, log: text, retryInMs: record?.delayMs ?? 60_000 }
  }

  function report(entry: Running, change: Partial<BuildProgress>): void {
    entry.progress = { ...entry.progress, ...change }
    try {
      onProgress(entry.progress)
    } catch (error) {
      log.warning(`progress of ${entry.progress.url} was not taken: ${messageOf(error)}`)
    }
  }

  async function cancel(url: string): Promise<void> {
    const current = running.get(url)
    current?.controller.abort(buildErrors.BUILD_CANCELLED({ url }))
    await current?.outcome
  }

  return {
    directory,
    logFile,
    build,
    async remove(url) {
      await cancel(url)
      await removeTree(directory(url))
      await clearFailure(failures, releaseKey(url))
    },
    async state(url) {
      const current = running.get(url)
      if (current) return { kind: 'building', progress: current.progress }
      if (isThere(url)) {
        const built = await readBuild(directory(url))
        if (built) return { kind: 'available', directory: directory(url), build: built }
      }
      const failed = await readFailure(failures, releaseKey(url))
      if (!failed) return { kind: 'absent' }
      const { failures: count, message } = failed
      return { kind: 'failed', failures: count, message, retryInMs: remaining(failed, clock.now()) }
    },
    async close() {
      await Promise.all([...running.keys()].map(cancel))
    },
  }
}

/** What a built release says about itself; undefined for a directory that is none. */
export async function readBuild(directory: string): Promise<BuiltRelease | undefined> {
  const record = await readVersioned(join(directory, '.slapos/build.json'), 1)
  if (!record) return undefined
  const text = (key: string) => String(record[key] ?? '')
  const [url, name, version, node, builtAt] = ['url', 'name', 'version', 'node', 'builtAt'].map(text)
  return {
    format: 1,
    url: url ?? '',
    name: name ?? '',
    version: version ?? '',
    node: node ?? '',
    builtAt: builtAt ?? '',
  }
}

function initial(url: string, now: number): BuildProgress {
  return { url, phase: 'waiting', step: 0, steps: 0, since: now, lines: [], failed: false, message: '' }
}

function remember(tail: string[], line: string): void {
  tail.push(line.slice(0, 2000))
  if (tail.length > 300) tail.shift()
}

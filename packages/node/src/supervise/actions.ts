import { existsSync } from 'node:fs'
import { readdir, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, messageOf } from '@slapos/base'
import { superviseErrors } from './errors.ts'
import { type Layout, loggerId, SCANNER_LOGGER, serviceId } from './layout.ts'
import { run } from './programs.ts'
import { command, commandScanner, isSupervised } from './s6-control.ts'
import { type Observation, observe } from './status.ts'
import type { ServiceDefinition } from './supervisor.ts'
import { waitUntil } from './wait.ts'

/** What every action needs. */
export interface Ground {
  readonly layout: Layout
  readonly clock: Clock
}

/** How long the scanner may take to start a supervise: it waits a second after the end of the one before. */
const TAKE_UP_MS = 15_000
/** What `finish` may take beside the stop delay itself; s6 ends it after 30 s. */
const FINISH_MS = 35_000

export const idOf = (definition: ServiceDefinition) => serviceId(definition.partition, definition.name)

/** Makes the scanner see these services and their loggers, and waits until each has its supervise. */
export async function takeUp({ layout, clock }: Ground, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    // A supervise whose scanner is lost serves on, but nobody would restart it: this moment is the one to replace it.
    await dismissOrphan({ layout, clock }, id)
    for (const each of [loggerId(id), id]) await link(layout, each)
  }
  commandScanner(layout.scan, 'a')
  for (const id of ids) {
    const taken = () => isSupervised(layout.service(id)) && isSupervised(layout.service(loggerId(id)))
    if (!(await waitUntil(taken, TAKE_UP_MS, clock))) {
      const log = join(layout.log(SCANNER_LOGGER), 'current')
      throw superviseErrors.SERVICE_START({ name: id, seconds: TAKE_UP_MS / 1000, log })
    }
  }
}

async function dismissOrphan({ layout, clock }: Ground, id: string): Promise<void> {
  const service = layout.service(id)
  if (existsSync(layout.link(id)) || !isSupervised(service)) return
  command(service, 'dx')
  await waitUntil(() => !isSupervised(service), FINISH_MS, clock)
}

/**
 * Gives a service whose scanner is lost to the present one, at the price of a restart. In this order a death in between
 * still leaves it to somebody: the scanner tries each second whether its old supervise has made room.
 */
export async function handOver({ layout }: Ground, id: string): Promise<void> {
  const service = layout.service(id)
  if (existsSync(layout.link(id)) || !isSupervised(service)) return
  await writeFile(join(service, 'asked'), '')
  await link(layout, id)
  commandScanner(layout.scan, 'a')
  command(service, 'dx')
}

/** Answers whether the link was missing. */
export async function link(layout: Layout, id: string): Promise<boolean> {
  if (existsSync(layout.link(id))) return false
  await symlink(join('..', 'services', id), layout.link(id))
  return true
}

/** By a start, a run, or at boot: the supervise runs it unless `down` is there. */
export async function start(ground: Ground, definition: ServiceDefinition): Promise<void> {
  const service = ground.layout.service(idOf(definition))
  await rm(join(service, 'down'), { force: true })
  command(service, 'u')
  await waitUntil(() => hasStarted(observe(ground.layout, definition)), TAKE_UP_MS, ground.clock)
}

/**
 * Runs it once. Only a supervise at rest hears that: while the `finish` of an earlier run is at work the command would
 * be lost. One that runs already is left alone.
 */
export async function runOnce({ layout, clock }: Ground, definition: ServiceDefinition): Promise<void> {
  const finishing = () => observe(layout, definition).s6?.finishing === true
  await waitUntil(() => !finishing(), FINISH_MS, clock)
  command(layout.service(idOf(definition)), 'o')
}

/** It runs, or its prologue waits, or it ran and is over already. */
function hasStarted({ s6, record }: Observation): boolean {
  if (s6 === undefined || record === undefined) return false
  return (s6.pid !== 0 && !s6.finishing && s6.pid === record.pid) || (record.phase === 'ended' && !record.asked)
}

/**
 * Stops a service and answers when nothing of it is left: stop signal, its delay, SIGKILL, then `finish` kills what the
 * program left behind. With `hold` it stays down until somebody starts it.
 */
export async function stop(ground: Ground, definition: ServiceDefinition, hold: boolean): Promise<void> {
  const { layout, clock } = ground
  const service = layout.service(idOf(definition))
  // Tells `finish` that this end is no failure.
  await writeFile(join(service, 'asked'), '')
  if (hold || definition.kind === 'one-shot') await writeFile(join(service, 'down'), '')
  command(service, 'd')
  const ended = () => {
    const { s6 } = observe(layout, definition)
    // A supervise that was just being born did not hear us.
    if (s6?.wantedUp) command(service, 'd')
    return s6 === undefined || (s6.pid === 0 && !s6.wantedUp)
  }
  if (!(await waitUntil(ended, definition.stopTimeoutMs + FINISH_MS, clock))) {
    throw superviseErrors.SERVICE_UNSTOPPABLE({ name: idOf(definition), reason: 'it outlived SIGKILL' })
  }
  // Its supervise was lost, so nobody ran `finish`: what the program left is still to be ended.
  const { record } = observe(layout, definition)
  if (record && record.phase !== 'ended') {
    await run(join(service, 'finish'), ['256', '9', idOf(definition)]).catch((error: unknown) => {
      throw superviseErrors.SERVICE_UNSTOPPABLE({ name: idOf(definition), reason: messageOf(error) }, error)
    })
  }
}

/** Ends services, their supervises and loggers, and removes every file of theirs. */
export async function remove(ground: Ground, definitions: readonly ServiceDefinition[]): Promise<void> {
  const { layout, clock } = ground
  await Promise.all(definitions.map((definition) => stop(ground, definition, true)))
  const ids = definitions.map(idOf)
  const all = ids.flatMap((id) => [id, loggerId(id)])
  for (const id of all) await unlink(layout.link(id)).catch(ignoreMissing)
  commandScanner(layout.scan, 'an')
  for (const id of all) {
    const gone = () => !isSupervised(layout.service(id))
    if (await waitUntil(gone, 3000, clock)) continue
    // Not the scanner's: it outlived the one that started it.
    command(layout.service(id), 'dx')
    if (!(await waitUntil(gone, FINISH_MS, clock))) {
      throw superviseErrors.SERVICE_UNSTOPPABLE({ name: id, reason: 'its supervise does not end' })
    }
  }
  for (const id of ids) await removeFiles(layout, id)
}

async function removeFiles(layout: Layout, id: string): Promise<void> {
  await rm(layout.service(loggerId(id)), { recursive: true, force: true })
  await rm(layout.log(id), { recursive: true, force: true })
  await rm(layout.record(id), { force: true })
  // Last: with its definition, a removal that was cut short is seen and done again.
  await rm(layout.service(id), { recursive: true, force: true })
}

/** What a definition or a removal left that was cut in the middle: directories without a service. */
export async function removeFragments({ layout, clock }: Ground, known: ReadonlySet<string>): Promise<void> {
  const ids = (await readdir(layout.services)).map((name) => name.replace(/:log$/, ''))
  for (const id of new Set(ids)) {
    if (known.has(id) || id === SCANNER_LOGGER) continue
    for (const each of [id, loggerId(id)]) {
      await unlink(layout.link(each)).catch(ignoreMissing)
      const service = layout.service(each)
      // `n` is for those that the scanner has, `dx` for those of a lost one; either may be too much.
      commandScanner(layout.scan, 'an')
      if (command(service, 'dx')) await waitUntil(() => !isSupervised(service), FINISH_MS, clock)
    }
    await removeFiles(layout, id)
  }
}

function ignoreMissing(error: NodeJS.ErrnoException) {
  if (error.code !== 'ENOENT') throw error
}

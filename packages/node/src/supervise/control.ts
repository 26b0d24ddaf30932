import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ground, idOf, runOnce, start, stop } from './actions.ts'
import { titleOf } from './definition.ts'
import { command } from './s6-control.ts'
import { judge, observe } from './status.ts'
import type { ControlResult, ServiceDefinition } from './supervisor.ts'

/** Starts, stops or restarts by hand, with supervisorctl's words. */
export async function controlServices(
  ground: Ground,
  action: 'start' | 'stop' | 'restart',
  definitions: readonly ServiceDefinition[],
): Promise<readonly ControlResult[]> {
  const each = (work: typeof startOne) => Promise.all(definitions.map((definition) => work(ground, definition)))
  if (action === 'start') return each(startOne)
  const stopped = await each(stopOne)
  if (action === 'stop') return stopped
  return [...stopped.filter(({ ok }) => ok), ...(await each(startOne))]
}

async function startOne(ground: Ground, definition: ServiceDefinition): Promise<ControlResult> {
  const title = titleOf(definition)
  const { state } = judge(definition, observe(ground.layout, definition))
  if (state === 'RUNNING' || state === 'STARTING') return { title, ok: false, message: 'ERROR (already started)' }
  const service = ground.layout.service(idOf(definition))
  if (definition.kind === 'one-shot') {
    await runOnce(ground, definition)
    return { title, ok: true, message: 'started' }
  }
  if (state === 'BACKOFF' || state === 'FATAL') {
    // Somebody asks: no reason to wait any longer, nor to count the failures before.
    await writeFile(join(service, 'asked'), '')
    command(service, 't')
  }
  await start(ground, definition)
  const now = judge(definition, observe(ground.layout, definition)).state
  return now === 'RUNNING' || now === 'STARTING'
    ? { title, ok: true, message: 'started' }
    : { title, ok: false, message: now === 'FATAL' ? 'ERROR (spawn error)' : 'ERROR (abnormal termination)' }
}

async function stopOne(ground: Ground, definition: ServiceDefinition): Promise<ControlResult> {
  const title = titleOf(definition)
  const { state } = judge(definition, observe(ground.layout, definition))
  if (state === 'STOPPED' || state === 'EXITED') return { title, ok: false, message: 'ERROR (not running)' }
  await stop(ground, definition, true)
  return { title, ok: true, message: 'stopped' }
}

import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeVersioned } from '@slapos/base'
import { copySdk, loadRelease } from '@slapos/release'
import type { BuiltRelease } from './builder.ts'
import { runCommand } from './command.ts'
import type { BuildContext } from './context.ts'
import { quietly, removeTree } from './remove-tree.ts'
import { fetchSource } from './source.ts'
import { runStep } from './steps/run-step.ts'

export interface BuildRequest extends Omit<BuildContext, 'step'> {
  /** Absolute path of the pinned Node.js. */
  readonly node: string
  readonly now: () => Date
  onPhase(phase: string, step: number, steps: number): void
}

/**
 * Makes a release in a sibling of its destination and renames it when it is complete: a build that fails, or a machine
 * that stops, leaves nothing that looks finished.
 */
export async function buildRelease(request: BuildRequest): Promise<void> {
  const { directory, destination, signal, onPhase, url, node, now, buildUser } = request
  const context = (step: string): BuildContext => ({ ...request, step })
  await removeTree(directory)
  await mkdir(join(directory, '.build/home'), { recursive: true, mode: 0o755 })
  await mkdir(join(directory, '.build/tmp'), { recursive: true })
  try {
    onPhase('fetch', 0, 0)
    await fetchSource(context('fetch'))
    const { manifest } = await loadRelease(directory)
    if (buildUser) await quietly('/bin/chown', ['-hR', `${buildUser.uid}:${buildUser.gid}`, '--', directory])
    const steps = manifest.build.length
    for (const [index, step] of manifest.build.entries()) {
      onPhase(step.type, index + 1, steps)
      await runStep(context(`${index + 1}/${steps} (${step.type})`), step)
    }
    signal.throwIfAborted()
    onPhase('seal', steps, steps)
    await rm(join(directory, '.build'), { recursive: true, force: true })
    if (buildUser) await quietly('/bin/chown', ['-hR', '0:0', '--', directory])
    await loadRelease(directory) // the steps may have touched it
    await copySdk(directory)
    const { name, version } = manifest
    const built: Omit<BuiltRelease, 'format'> = { url, name, version, node, builtAt: now().toISOString() }
    await writeVersioned(join(directory, '.slapos/build.json'), 1, built)
    await writeFile(join(directory, '.completed'), asctime(now()))
    // Instances of any user read and run it; nobody writes to it, and no file in it gives rights.
    await runCommand({ ...context('seal'), prefix: [] }, ['/bin/chmod', '-R', 'a+rX,a-w,u-s,g-s', directory], {
      capture: true,
    })
    await place(directory, destination)
  } catch (error) {
    await removeTree(directory).catch(() => {})
    throw error
  }
}

async function place(directory: string, destination: string): Promise<void> {
  const replaced = join(dirname(destination), `.replaced-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const had = await rename(destination, replaced).then(
    () => true,
    () => false,
  )
  await rename(directory, destination)
  if (had) await removeTree(replaced)
}

/** `Mon Nov 23 20:59:37 2026`, local time: what classic tools find in `.completed`. */
export function asctime(date: Date): string {
  const [day = '', month = '', number = ''] = date.toDateString().split(' ')
  const time = date.toTimeString().slice(0, 8)
  return `${day} ${month} ${String(Number(number)).padStart(2)} ${time} ${date.getFullYear()}`
}

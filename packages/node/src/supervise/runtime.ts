import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from './layout.ts'

const SCRIPTS = ['common.sh', 'run.sh', 'finish.sh', 'logger.sh', 'scanner.sh'] as const

/**
 * Copies the helper scripts into a directory named by their content, and answers it. Service files name that directory,
 * never the program that wrote it: it may be replaced or broken, and services still start.
 */
export async function installRuntime(layout: Layout): Promise<string> {
  const sources = await Promise.all(
    SCRIPTS.map(async (name) => ({ name, text: await readFile(join(import.meta.dirname, 'scripts', name), 'utf8') })),
  )
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16)
  const directory = join(layout.runtime, hash)
  if (await exists(directory)) return directory
  const draft = join(layout.temporary, `runtime-${process.pid}`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o755 })
  for (const { name, text } of sources) await writeFile(join(draft, name), text, { mode: 0o555 })
  try {
    await rename(draft, directory)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(directory))) throw error // another one made it meanwhile
  }
  return directory
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

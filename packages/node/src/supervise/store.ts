import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, chown, lchown, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@slapos/base'
import { superviseErrors } from './errors.ts'
import { loggerId, type ServiceId, serviceId } from './layout.ts'
import { run } from './programs.ts'
import { loggerFiles, type MachineFacts, type ServiceFile, serviceFiles } from './service-files.ts'
import type { RunAs, ServiceDefinition } from './supervisor.ts'

const DEFINITION_FORMAT = 1

/** Reads the definitions of all services that are on disk. What has none is a half-made directory: not a service. */
export function loadDefinitions(services: string): Map<ServiceId, ServiceDefinition> {
  const definitions = new Map<ServiceId, ServiceDefinition>()
  for (const id of readdirSync(services)) {
    if (id.endsWith(':log') || id.startsWith('::')) continue
    const path = join(services, id, 'definition.json')
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      continue
    }
    const value: unknown = JSON.parse(text)
    if (isStored(value)) definitions.set(id, value.definition)
  }
  return definitions
}

/** Only we write these files, in a directory of our own: the format number is what must be checked. */
function isStored(value: unknown): value is { definition: ServiceDefinition } {
  if (typeof value !== 'object' || value === null || !('format' in value) || !('definition' in value)) return false
  if (value.format !== DEFINITION_FORMAT) {
    throw superviseErrors.SERVICE_DEFINITION({ name: 'on disk', reason: `it has format ${String(value.format)}` })
  }
  return typeof value.definition === 'object'
}

export async function saveDefinition(facts: MachineFacts, definition: ServiceDefinition): Promise<void> {
  const path = join(facts.layout.service(serviceId(definition.partition, definition.name)), 'definition.json')
  await writeFileAtomic(path, `${JSON.stringify({ format: DEFINITION_FORMAT, definition })}\n`, { mode: 0o600 })
}

/** Writes everything of a service and its logger but the links by which the scanner sees them. */
export async function writeService(facts: MachineFacts, definition: ServiceDefinition): Promise<void> {
  const id = serviceId(definition.partition, definition.name)
  const directory = facts.layout.service(id)
  await mkdir(directory, { recursive: true, mode: 0o711 })
  await writeLogger(facts, loggerId(id), owner(definition.runAs))
  await writeServiceFiles(facts, definition)
  const down = join(directory, 'down')
  if (definition.up && definition.kind === 'service') await rm(down, { force: true })
  else await writeFile(down, '', { mode: 0o600 })
  await saveDefinition(facts, definition)
}

/** Whether the next start would use what this program would write. The two that say most stand for all. */
export function isCurrent(facts: MachineFacts, definition: ServiceDefinition): boolean {
  const id = serviceId(definition.partition, definition.name)
  const same = (directory: string, files: readonly ServiceFile[]) =>
    files
      .filter(({ name }) => name === 'run' || name === 'launch')
      .every(({ name, content }) => readOptional(join(directory, name)) === content)
  return (
    same(facts.layout.service(id), serviceFiles(definition, facts)) &&
    same(facts.layout.service(loggerId(id)), loggerFiles(loggerId(id), facts))
  )
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** The files that the next start uses; rewriting them touches no process. */
export async function writeServiceFiles(facts: MachineFacts, definition: ServiceDefinition): Promise<void> {
  const directory = facts.layout.service(serviceId(definition.partition, definition.name))
  await writeFiles(directory, serviceFiles(definition, facts), owner(definition.runAs)?.gid)
}

export async function writeLogger(
  facts: MachineFacts,
  id: string,
  reader?: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const directory = facts.layout.service(id)
  const logs = facts.layout.log(id.endsWith(':log') ? id.slice(0, -':log'.length) : id)
  await mkdir(directory, { recursive: true, mode: 0o711 })
  await mkdir(logs, { recursive: true, mode: 0o750 })
  const logger = owner(facts.logAs)
  if (logger) await handOver(logs, logger)
  const pipe = join(directory, 'pipe')
  if (!existsSync(pipe)) await run('mkfifo', ['-m', '600', pipe])
  // So that a program may open /dev/stdout, which is this pipe.
  if (reader) await chown(pipe, reader.uid, reader.gid)
  await writeFiles(directory, loggerFiles(id, facts))
}

/** Gives a log directory to its writer, with what root wrote there before. Once it is the writer's, nothing in it is touched. */
async function handOver(logs: string, { uid, gid }: { readonly uid: number; readonly gid: number }): Promise<void> {
  const found = await lstat(logs)
  if (found.uid === uid && found.gid === gid) return
  if (found.uid === 0) for (const name of await readdir(logs)) await lchown(join(logs, name), uid, gid)
  await chown(logs, uid, gid)
}

async function writeFiles(directory: string, files: readonly ServiceFile[], gid?: number): Promise<void> {
  for (const { name, content, mode, shared } of files) {
    const path = join(directory, name)
    // Not synced: `definition.json`, which is, makes the service exist, and `open` writes anew what differs.
    const draft = `${path}.new`
    await writeFile(draft, content, { mode })
    await chmod(draft, mode)
    if (shared && gid !== undefined) await chown(draft, process.getuid?.() ?? 0, gid)
    await rename(draft, path)
  }
}

function owner(as: RunAs): { readonly uid: number; readonly gid: number } | undefined {
  return as.kind === 'user' ? { uid: as.uid, gid: as.gid } : undefined
}

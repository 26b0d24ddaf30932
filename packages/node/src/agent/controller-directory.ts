import { chmod, chown, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RunAs } from '../supervise/supervisor.ts'

/**
 * Where the agent listens for a partition's controller: the partition's user may pass, nobody else, and only the agent may
 * make something there. In a directory of the user's own, a link put in the socket's place would be followed by root.
 */
export async function makeControllerDirectory(path: string, runAs: RunAs): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o711 })
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (runAs.kind !== 'user') return
  await chown(path, process.getuid?.() ?? 0, runAs.gid)
  await chmod(path, 0o710)
}

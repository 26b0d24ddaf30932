import type { InstancePlan } from '@slapos/release'
import { contentHash } from './hash.ts'
import type { PartitionRecord } from './state.ts'
import type { Step } from './step.ts'

const FILE_MODE = 0o640
const DIRECTORY_MODE = 0o750

/** Writes what changed and removes the files that are no longer declared. Directories hold data and always stay. */
export function planFiles(record: PartitionRecord, plan: InstancePlan): readonly Step[] {
  const files = plan.files.map((file) => ({ path: file.path, content: file.content, mode: file.mode ?? FILE_MODE }))
  const fingerprints = Object.fromEntries(files.map((file) => [file.path, contentHash([file.content, file.mode])]))
  const modes = Object.fromEntries(plan.directories.map((item) => [item.path, item.mode ?? DIRECTORY_MODE]))
  const operations = {
    remove: Object.keys(record.files).filter((path) => fingerprints[path] === undefined),
    directories: Object.entries(modes)
      .filter(([path, mode]) => record.directories[path] !== mode)
      .map(([path, mode]) => ({ path, mode })),
    files: files.filter((file) => record.files[file.path] !== fingerprints[file.path]),
  }
  const idle = operations.remove.length + operations.directories.length + operations.files.length === 0
  const forgotten = Object.keys(record.directories).some((path) => modes[path] === undefined)
  if (idle && !forgotten) return []
  return [{ kind: 'files', operations, fingerprints: { files: fingerprints, directories: modes } }]
}

import { mkdir, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readVersioned, writeVersioned } from '@slapos/base'
import { newRecord, type PartitionRecord } from './state.ts'

export const RECORD_FORMAT = 1

/** Partition records, one file each, readable by the agent's user only: they hold seeds and generated files. */
export interface RecordStore {
  load(partition: string): Promise<PartitionRecord | undefined>
  save(record: PartitionRecord): Promise<void>
  remove(partition: string): Promise<void>
  list(): Promise<readonly string[]>
}

export function createRecordStore(directory: string): RecordStore {
  const path = (partition: string) => join(directory, `${partition}.json`)
  return {
    async load(partition) {
      const found = await readVersioned(path(partition), RECORD_FORMAT)
      return found && decode(partition, found)
    },
    async save(record) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeVersioned(path(record.partition), RECORD_FORMAT, { ...record }, { mode: 0o600 })
    },
    async remove(partition) {
      await unlink(path(partition)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
    },
    async list() {
      const names = await readdir(directory).catch(() => [])
      return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
    },
  }
}

/** The file is our own and written in one piece; a field that an older version did not have gets its default. */
function decode(partition: string, found: Record<string, unknown>): PartitionRecord {
  const { format: _, ...fields } = found
  return { ...newRecord(partition, '', '', 0), ...fields, partition }
}

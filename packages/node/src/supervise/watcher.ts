import { type FSWatcher, watch } from 'node:fs'
import type { ServiceId } from './layout.ts'

/**
 * Tells which services wrote a record, without polling: one watch on the one directory of records. `run` and `finish`
 * write there whether somebody looks or not, so that nothing ever waits for us.
 */
export function watchRecords(state: string, changed: (id: ServiceId) => void, lost: () => void): FSWatcher {
  const watcher = watch(state, (_event, name) => {
    if (name === null) lost()
    else changed(name)
  })
  watcher.on('error', lost)
  watcher.unref()
  return watcher
}

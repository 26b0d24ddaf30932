import { X509Certificate } from 'node:crypto'
import { access, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, readVersioned } from '@slapos/base'
import type { Authority } from '../identity/ca/authority.ts'
import type { Store } from '../store/index.ts'
import type { TelemetryService } from '../telemetry/index.ts'
import type { DataFiles } from './data-directory.ts'
import { type HealthCheck, ok } from './health.ts'

const DAY = 86_400_000
const MB = 1_000_000
/** With less, the next writes may fail. */
const LEAST_FREE = 100 * MB
const SCARCE = 1_000 * MB
/** A node that is in touch fetches or reports each minute. */
const SILENT_MS = 5 * 60_000
const MOST_NAMED = 5
const BACKUP_EVERY = 7 * DAY
export const BACKUP_FORMAT = 1

export function databaseCheck(store: Store): HealthCheck {
  return async () => {
    await store.read.selectFrom('meta').select('key').limit(1).execute()
    return ok(store.kind === 'sqlite' ? 'SQLite answers' : 'PostgreSQL answers')
  }
}

/** `look`: the file system of a path. */
export function diskCheck(
  { directory }: Pick<DataFiles, 'directory'>,
  look: (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }> = statfs,
): HealthCheck {
  return async () => {
    const { bavail, bsize } = await look(directory)
    const free = bavail * bsize
    const what = `${Math.floor(free / MB)} MB free for ${directory}`
    if (free >= SCARCE) return ok(what)
    const next =
      'Make room: writes are refused when the disk is full. telemetry.db may be deleted while the Master is stopped.'
    return { state: free < LEAST_FREE ? 'failing' : 'warning', what, next }
  }
}

export function telemetryCheck(telemetry: Pick<TelemetryService, 'logSources'>): HealthCheck {
  return async () => {
    await telemetry.logSources('')
    return ok('its thread answers')
  }
}

/** The nearest end of these certificates. Within `soonMs` of it, something that should have renewed them did not. */
export function certificateCheck(
  read: () => readonly string[],
  clock: Clock,
  soonMs: number,
  next: string,
): HealthCheck {
  return () => {
    const end = Math.min(...read().map((pem) => new X509Certificate(pem).validToDate.getTime()))
    const what = `valid until ${new Date(end).toISOString().slice(0, 10)}`
    if (end - clock.now() > soonMs) return ok(what)
    return { state: end < clock.now() ? 'failing' : 'warning', what, next }
  }
}

export function authorityCheck({ root, issuing }: Authority, clock: Clock): HealthCheck {
  const next = 'Start the Master again with pki/root.key in its place: the issuing authority is renewed then.'
  return certificateCheck(() => [root, issuing], clock, 180 * DAY, next)
}

/** Backups with `slapos master backup` are noted in the data directory. PostgreSQL has its own. */
export function backupCheck(files: DataFiles, store: Store, authority: Authority, clock: Clock): HealthCheck {
  const since = new X509Certificate(authority.root).validFromDate.getTime()
  return async () => {
    if (store.kind !== 'sqlite') return ok('made with the tools of PostgreSQL')
    const made = (await readVersioned(files.lastBackup, BACKUP_FORMAT))?.['made']
    const last = typeof made === 'number' ? made : undefined
    const what = last === undefined ? 'none yet' : `last one ${new Date(last).toISOString().slice(0, 16)}Z`
    if (clock.now() - (last ?? since) < BACKUP_EVERY) return ok(what)
    const next = 'Run `slapos master backup FILE` daily, and keep the file elsewhere.'
    return { state: 'warning', what, next }
  }
}

export function nodesCheck(store: Store, telemetry: Pick<TelemetryService, 'node'>, clock: Clock): HealthCheck {
  return async () => {
    const rows = await store.read
      .selectFrom('computer')
      .select('reference')
      .where('live', '=', 1)
      .orderBy('id')
      .execute()
    const silent = rows.filter(({ reference }) => {
      const contact = telemetry.node(reference)?.contact
      return contact === undefined || clock.now() - contact > SILENT_MS
    })
    const what = `${rows.length - silent.length} of ${rows.length} in contact`
    if (silent.length === 0) return ok(what)
    const names = silent.slice(0, MOST_NAMED).map(({ reference }) => reference)
    const more = silent.length > MOST_NAMED ? ` and ${silent.length - MOST_NAMED} more` : ''
    const next = 'Look at these machines; remove in the panel what is gone for good.'
    return { state: 'warning', what: `${what}; silent: ${names.join(', ')}${more}`, next }
  }
}

export function panelCheck(directory: string): HealthCheck {
  return async () => {
    const built = await access(join(directory, 'index.html')).then(
      () => true,
      () => false,
    )
    if (built) return ok('served')
    return { state: 'warning', what: 'not built', next: 'Run: sh packages/panel/build' }
  }
}

export function installerCheck(served: () => boolean): HealthCheck {
  return () =>
    served()
      ? ok('served')
      : {
          state: 'warning',
          what: 'not served: no bundle',
          next: 'Run `sh scripts/bundle`, then start the Master again.',
        }
}

import { catalogue, EXIT } from '@slapos/base'

/** What the Master refuses or fails at. */
export const masterErrors = catalogue({
  // Storage
  DATABASE_URL: {
    status: 500,
    exit: EXIT.failure,
    what: 'the database address {url} is not understood',
    next: 'Give sqlite:/path/state.db or postgres://user@host/name.',
  },
  DATABASE_TOO_NEW: {
    status: 500,
    exit: EXIT.failure,
    what: 'the database was made by a newer version of the Master (it has {migrations})',
    next: 'Run that version, or restore the backup made before the upgrade; nothing was changed.',
  },
  MIGRATION_FAILED: {
    status: 500,
    exit: EXIT.failure,
    what: 'the database could not be brought to this version: {name} failed: {reason}',
    next: 'Nothing was changed; run the earlier version, and report this.',
  },
  DATABASE_UNWRITABLE: {
    status: 503,
    exit: EXIT.failure,
    what: 'the database cannot be written: {reason}',
    next: 'Nothing of this request was kept; make room on the disk, then repeat it.',
  },
  NESTED_TRANSACTION: {
    status: 500,
    exit: EXIT.failure,
    what: 'a transaction was opened inside a transaction',
    next: 'This is a defect of the Master; please report it.',
  },
})

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
  // Rights and lookup
  CALLER_GONE: {
    status: 403,
    exit: EXIT.failure,
    what: '{caller} does not exist or was disabled',
    next: 'Ask an owner of the project to let you in again.',
  },
  NOT_FOUND: {
    status: 404,
    exit: EXIT.failure,
    what: '{what} was not found',
    next: 'Check its name, and that you are a member of its project.',
  },
  NOT_ALLOWED: {
    status: 403,
    exit: EXIT.failure,
    what: 'you may not do {action} on {what}',
    next: 'It takes: {who}.',
  },
  SCOPE_TOO_SMALL: {
    status: 403,
    exit: EXIT.failure,
    what: 'this API token does not give {action}',
    next: 'Make a token with the scope "{needed}".',
  },
  PROJECT_TOKEN: {
    status: 403,
    exit: EXIT.failure,
    what: 'this API token is for {project} only, and {action} goes beyond it',
    next: 'Make a token that is not bound to a project, or log in.',
  },
  // Requests
  TITLE_INVALID: {
    status: 400,
    exit: EXIT.failure,
    what: 'the title {title} cannot be used: {reason}',
    next: 'Choose a title of 1 to 200 printable characters.',
  },
  VALUE_INVALID: {
    status: 400,
    exit: EXIT.failure,
    what: '{name} is not acceptable: {reason}',
    next: 'Correct it and repeat.',
  },
  PROJECT_UNCLEAR: {
    status: 400,
    exit: EXIT.failure,
    what: 'the request names no project and yours are {projects}',
    next: 'Name one: project_guid=PROJ-n.',
  },
  SLA_KEY: {
    status: 400,
    exit: EXIT.failure,
    what: 'the placement key {key} does not exist',
    next: 'Known keys: {known}.',
  },
  SLA_VALUE: {
    status: 400,
    exit: EXIT.failure,
    what: 'the placement {key}={value} cannot be satisfied by any node',
    next: 'Give {meaning}.',
  },
  KIND_SWITCH: {
    status: 409,
    exit: EXIT.failure,
    what: '{title} exists as {kind}',
    next: 'Destroy it before requesting the other kind under that title.',
  },
  ROOT_REQUESTED: {
    status: 409,
    exit: EXIT.failure,
    what: '{title} is the root of the tree, an instance cannot request it',
    next: 'Use another title.',
  },
  CYCLE: {
    status: 409,
    exit: EXIT.failure,
    what: '{title} requests {requester}, directly or not, which cannot request it in turn',
    next: 'Use another title, or let another instance request it.',
  },
  DISCONNECTED: {
    status: 409,
    exit: EXIT.failure,
    what: '{requester} is not connected to the root of its tree any more',
    next: 'Nothing to do: it is collected, or requested again by another instance first.',
  },
  REQUESTER_DESTROYED: {
    status: 409,
    exit: EXIT.failure,
    what: '{requester} is being destroyed and cannot request {title}',
    next: 'Request it from another instance of the tree.',
  },
  TITLE_IN_USE: {
    status: 409,
    exit: EXIT.failure,
    what: 'the title {title} is already used in {where}',
    next: 'Choose another title.',
  },
  LIMIT_INVALID: {
    status: 400,
    exit: EXIT.refused,
    what: 'the limit is not set: {reason}',
    next: 'See `slapos master limit list`.',
  },
  LIMIT_REACHED: {
    status: 429,
    exit: EXIT.failure,
    what: 'the limit {limit} of {where} is reached ({value})',
    next: 'Use less, or have the administrator raise it with `slapos master limit set`.',
  },
  // Reports
  DESTROY_NOT_ASKED: {
    status: 409,
    exit: EXIT.failure,
    what: '{what} was reported destroyed but nobody asked for its destruction',
    next: 'Request its destruction first.',
  },
  COMPUTER_BUSY: {
    status: 409,
    exit: EXIT.failure,
    what: '{computer} still holds {count} instances',
    next: 'Destroy them first, then remove it.',
  },
  // People
  LAST_OWNER: {
    status: 409,
    exit: EXIT.failure,
    what: '{project} would have no owner any more',
    next: 'Make somebody else its owner first.',
  },
  // Catalogue
  FETCH_REFUSED: {
    status: 400,
    exit: EXIT.failure,
    what: '{url} is not fetched: {reason}',
    next: 'Publish the release at a public https address, or have an operator allow this one.',
  },
  FETCH_FAILED: {
    status: 502,
    exit: EXIT.failure,
    what: '{url} could not be fetched: {reason}',
    next: 'Check the address, then try again.',
  },
  RELEASE_UNDESCRIBED: {
    status: 404,
    exit: EXIT.failure,
    what: '{url} does not describe itself: neither release.json nor software.cfg.json is there',
    next: 'Check the address; a release can still be requested without a description.',
  },
  SCHEMA_REFUSED: {
    status: 400,
    exit: EXIT.failure,
    what: 'the schema {url} cannot be used: {reason}',
    next: 'Correct it in the release and add the release again; parameters can be given without a form meanwhile.',
  },
})

import { catalogue, EXIT } from '@slapos/base'

export const serverErrors = catalogue({
  PORT_TAKEN: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot listen on {address}: another program uses that port',
    next: 'Stop it, or choose another port.',
  },
  PORT_FORBIDDEN: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot listen on {address}: only root may use ports below 1024',
    next: 'Choose a higher port, or start as root.',
  },
  ADDRESS_ABSENT: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot listen on {address}: {reason}',
    next: 'Choose an address of this machine (`ip address` lists them).',
  },
  DATA_UNWRITABLE: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot use the data directory {path}: {reason}',
    next: 'Choose a directory that this user may write.',
  },
  DATA_IN_USE: {
    status: 500,
    exit: EXIT.locked,
    what: 'another Master runs on the data directory {path}',
    next: 'Stop it first, or give this one another directory.',
  },
  WEB_NEEDS_TLS: {
    status: 500,
    exit: EXIT.failure,
    what: 'the web side on {host} would send passwords unencrypted',
    next: 'Turn TLS on, or listen on a loopback address.',
  },
  WEB_CERTIFICATE_UNUSABLE: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot use {path} for the web side: {reason}',
    next: 'Give the certificate with its chain and its key in PEM, readable by the account of the Master.',
  },
  PROXY_UNREADABLE: {
    status: 500,
    exit: EXIT.failure,
    what: '{text} is no address of a proxy',
    next: 'Give an address or a network, as 192.0.2.1 or 10.0.0.0/8.',
  },
  NO_PROJECT: {
    status: 403,
    exit: EXIT.failure,
    what: '{person} manages no project, and a computer belongs to one',
    next: 'Ask the owner of a project for the role of manager.',
  },
  NOT_PREPARED: {
    status: 500,
    exit: EXIT.failure,
    what: '{path} holds no Master yet',
    next: 'Make one with `slapos master init`.',
  },
  ALREADY_PREPARED: {
    status: 500,
    exit: EXIT.failure,
    what: '{path} holds a Master already',
    next: 'Give an empty directory.',
  },
  BACKUP_FAILED: {
    status: 500,
    exit: EXIT.failure,
    what: 'the backup cannot be made or read: {reason}',
    next: 'Check the file and the free space of its disk; nothing of the Master was changed.',
  },
  BACKUP_OTHER_DATABASE: {
    status: 500,
    exit: EXIT.failure,
    what: 'this backup is of a Master on {kind}',
    next: 'Restore it with the same kind of database (option --database).',
  },
  CONTROL_FAILED: {
    status: 500,
    exit: EXIT.failure,
    what: 'the running Master refused: {reason}',
    next: '{next}',
  },
  HOST_UNKNOWN: {
    status: 421,
    exit: EXIT.failure,
    what: 'this Master is not called {host}',
    next: 'Use the address that it prints when it starts, or start it with --web-url for that name.',
  },
  MASTER_HANGS: {
    status: 504,
    exit: EXIT.partial,
    what: 'the Master runs, but did not answer for {seconds} s',
    next: 'See its log, then start it again.',
  },
  ROUTE_UNKNOWN: {
    status: 404,
    exit: EXIT.failure,
    what: 'there is nothing at {path}',
    next: 'Check the address.',
  },
})

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
  NOT_FOUND: {
    status: 404,
    exit: EXIT.failure,
    what: 'there is nothing at {path}',
    next: 'Check the address.',
  },
})

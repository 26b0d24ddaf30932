import { catalogue, EXIT } from '@slapos/base'

/** What the machine-facing surfaces (slap, node, registration) refuse before the domain is asked. */
export const surfaceErrors = catalogue({
  BODY_TOO_LARGE: {
    status: 413,
    exit: EXIT.failure,
    what: 'the request body is larger than {limit} bytes',
    next: 'Send less, or in several requests.',
  },
  BODY_UNREADABLE: {
    status: 400,
    exit: EXIT.failure,
    what: 'the request cannot be read: {reason}',
    next: 'Send a form (application/x-www-form-urlencoded, UTF-8), each field once.',
  },
  FIELD_MISSING: {
    status: 400,
    exit: EXIT.failure,
    what: 'the field {field} is missing or empty',
    next: 'Add it to the request.',
  },
  FIELD_INVALID: {
    status: 400,
    exit: EXIT.failure,
    what: 'the field {field} is not acceptable: {reason}',
    next: 'Correct it and try again.',
  },
  NOT_FOR_PERSONS: {
    status: 403,
    exit: EXIT.failure,
    what: 'the key of an instance is given to its node and to itself only',
    next: 'Ask with the certificate of the node.',
  },
  NOT_FOR_MACHINES: {
    status: 403,
    exit: EXIT.failure,
    what: 'certificates of nodes are managed by persons',
    next: "Ask with a person's certificate; a node renews its own by itself.",
  },
  ONLY_FOR_NODES: {
    status: 403,
    exit: EXIT.failure,
    what: 'the node extension is for nodes',
    next: 'Ask with the certificate of a node.',
  },
  NO_CERTIFICATE: {
    status: 404,
    exit: EXIT.failure,
    what: '{subject} has no active certificate',
    next: 'There is nothing to revoke.',
  },
  PARTITION_FREE: {
    status: 404,
    exit: EXIT.failure,
    what: 'there is no instance on {partition}',
    next: 'The partition is free.',
  },
  DESTRUCTION_UNASKED: {
    status: 404,
    exit: EXIT.failure,
    what: 'nobody asked for the release to be destroyed',
    next: 'Keep it.',
  },
  OBJECT_UNKNOWN: {
    status: 404,
    exit: EXIT.failure,
    what: 'there is no object {object}',
    next: 'Search for it first.',
  },
  NO_HATEOAS: {
    status: 404,
    exit: EXIT.failure,
    what: 'this Master has no HATEOAS service',
    next: 'Use the panel or its API.',
  },
})

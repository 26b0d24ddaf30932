import { catalogue, EXIT } from '@slapos/base'

/** Errors of the wire format. What the Master answers is in `client/master-error.ts`. */
export const slapErrors = catalogue({
  MARSHAL_INVALID: {
    status: 400,
    exit: EXIT.failure,
    what: 'cannot read a marshalled document: {reason}',
    next: 'Send one <marshal> element that holds one value of the slap encoding.',
  },
  MARSHAL_TOO_LARGE: {
    status: 413,
    exit: EXIT.failure,
    what: 'a marshalled document is too large: {reason}',
    next: 'Send less, or in several requests.',
  },
  MARSHAL_UNWRITABLE: {
    status: 400,
    exit: EXIT.failure,
    what: 'cannot write {text}: XML has no way to carry the character U+{code}',
    next: 'Remove control characters from the text.',
  },
  INSTANCE_XML_INVALID: {
    status: 400,
    exit: EXIT.failure,
    what: 'cannot read an <instance> parameter document: {reason}',
    next: 'Write <instance><parameter id="name">value</parameter></instance>.',
  },
  CONSUMPTION_INVALID: {
    status: 400,
    exit: EXIT.failure,
    what: 'cannot read a usage report: {reason}',
    next: 'Send a TioXML journal, its elements in the prescribed order.',
  },
  DOCUMENT_UNEXPECTED: {
    status: 400,
    exit: EXIT.failure,
    what: 'unexpected content at {path}: {reason}',
    next: 'The two sides may speak different versions of the protocol.',
  },
  PARAMETERS_NOT_JSON: {
    status: 400,
    exit: EXIT.failure,
    what: 'the parameter "_" does not hold JSON: {reason}',
    next: 'Give the parameters as one JSON document.',
  },
})

/** What talking to a Master can end with, see `client/master-error.ts`. */
export const masterClientErrors = catalogue({
  MASTER_URL_INVALID: {
    status: 400,
    exit: EXIT.failure,
    what: 'the Master address {url} is not understood',
    next: 'Give it as https://HOST:PORT/.',
  },
  MASTER_UNREACHABLE: {
    status: 502,
    exit: EXIT.failure,
    what: 'the Master at {url} cannot be reached: {reason}',
    next: 'Check the network and the address; what runs goes on running.',
  },
  MASTER_UNTRUSTED: {
    status: 502,
    exit: EXIT.failure,
    what: 'the server at {url} is not the expected Master: {reason}',
    next: 'Check the address. If the Master was replaced, register again with a fresh token.',
  },
  MASTER_REFUSED: {
    status: 403,
    exit: EXIT.failure,
    what: 'the Master refused {call}: {reason}',
    next: 'Check that the certificate or token is the right one and still valid.',
  },
  MASTER_NOT_FOUND: {
    status: 404,
    exit: EXIT.failure,
    what: 'the Master does not know what {call} asks for: {reason}',
    next: 'Check the names and references.',
  },
  MASTER_NOT_READY: {
    status: 408,
    exit: EXIT.partial,
    what: 'the Master has nothing ready for {call} yet: {reason}',
    next: 'Ask again in a while.',
  },
  MASTER_REJECTED: {
    status: 400,
    exit: EXIT.failure,
    what: 'the Master did not accept {call}: {reason}',
    next: 'Correct what it names and try again.',
  },
  MASTER_EXPLAINED: {
    status: 400,
    exit: EXIT.failure,
    what: 'the Master answered: {reason}',
    next: '{advice}',
  },
  MASTER_FAILED: {
    status: 502,
    exit: EXIT.failure,
    what: 'the Master failed at {call} with status {status}: {reason}',
    next: 'Try again later; its log says more.',
  },
  MASTER_BAD_ANSWER: {
    status: 502,
    exit: EXIT.failure,
    what: 'the answer of the Master to {call} cannot be read: {reason}',
    next: 'Check that the address is that of a SlapOS Master.',
  },
})

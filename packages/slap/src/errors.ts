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

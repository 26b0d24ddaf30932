import { catalogue, EXIT } from '@slapos/base'

export const identityErrors = catalogue({
  CERTIFICATE_NEEDED: {
    status: 401,
    exit: EXIT.failure,
    what: 'this address needs a client certificate',
    next: 'Present the certificate of a node, an instance or a person of this Master.',
  },
  CERTIFICATE_REFUSED: {
    status: 403,
    exit: EXIT.failure,
    what: 'the client certificate is unknown, revoked or expired',
    next: 'Register again with a fresh token.',
  },
  API_TOKEN_REFUSED: {
    status: 401,
    exit: EXIT.failure,
    what: 'the API token is unknown, revoked or expired',
    next: 'Make another one in the panel, under Settings.',
  },
  CERTIFICATE_ACTIVE: {
    status: 409,
    exit: EXIT.failure,
    // Classic clients look for these three words in the body.
    what: 'Certificate still active.',
    next: '{subject} already has one: choose another name, or revoke it first.',
  },
  CERTIFICATE_NONE: {
    status: 404,
    exit: EXIT.failure,
    what: 'No certificate',
    next: '{subject} has no active certificate to revoke.',
  },
  REQUEST_UNREADABLE: {
    status: 400,
    exit: EXIT.failure,
    what: 'the certificate request cannot be used: {reason}',
    next: 'Send a PKCS #10 request in PEM, signed with an EC P-256, EC P-384, Ed25519 or RSA (2048 bits or more) key.',
  },
  TOKEN_UNKNOWN: {
    status: 404,
    exit: EXIT.failure,
    what: 'there is no token {id}',
    next: 'Take the ID from `slapos master token list`.',
  },
  TOKEN_REFUSED: {
    status: 403,
    exit: EXIT.failure,
    what: 'the token is refused: {reason}',
    next: 'Ask for a new token in the panel or with `slapos computer token`.',
  },
  LOGIN_REFUSED: {
    status: 401,
    exit: EXIT.failure,
    what: 'name, password or code is wrong',
    next: 'Try again; an administrator can set a new password with `slapos master user passwd`.',
  },
  TOTP_ON: {
    status: 409,
    exit: EXIT.failure,
    what: 'one-time codes are on already',
    next: 'Turn them off first, with the password.',
  },
  CODE_NEEDED: {
    status: 401,
    exit: EXIT.failure,
    what: 'a one-time code is needed',
    next: 'Enter the six digits that your authenticator shows.',
  },
  LOGIN_TOO_OFTEN: {
    status: 429,
    exit: EXIT.failure,
    what: 'too many failed attempts',
    next: 'Wait {seconds} seconds.',
  },
  LOGIN_TAKEN: {
    status: 409,
    exit: EXIT.failure,
    what: 'the log-in name {login} is taken',
    next: 'Choose another one.',
  },
  LOGIN_UNKNOWN: {
    status: 404,
    exit: EXIT.failure,
    what: 'nobody has the log-in name {login}',
    next: '`slapos master user list` shows who there is.',
  },
  LOGIN_MALFORMED: {
    status: 400,
    exit: EXIT.failure,
    what: 'the log-in name cannot be used',
    next: 'Use 1 to 128 letters, digits or one of . _ - @ +.',
  },
  PASSWORD_WRONG: {
    status: 403,
    exit: EXIT.failure,
    what: 'the current password is wrong',
    next: 'Type the password that you log in with.',
  },
  PASSWORD_WEAK: {
    status: 400,
    exit: EXIT.failure,
    what: 'the password is too short or too long',
    next: 'Use 10 to 1024 characters; a few words do.',
  },
  CODE_WRONG: {
    status: 400,
    exit: EXIT.failure,
    what: 'the code does not match',
    next: 'Check the clock of the device that shows the codes, and enter the present one.',
  },
  AUTHORITY_DAMAGED: {
    status: 500,
    exit: EXIT.failure,
    what: 'the certificate authority under {path} cannot be used: {reason}',
    next: 'Restore the folder from a backup (`slapos master restore FILE`).',
  },
})

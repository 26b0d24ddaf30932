import { catalogue, EXIT } from '@slapos/base'

export const panelErrors = catalogue({
  SESSION_NEEDED: {
    status: 401,
    exit: EXIT.failure,
    what: 'this needs somebody who is logged in',
    next: 'Log in, or send an API token as `Authorization: Bearer`.',
  },
  CSRF_REFUSED: {
    status: 403,
    exit: EXIT.failure,
    what: 'the request does not carry the token of this session',
    next: 'Send the `csrf` text of GET /api/v1/session as X-CSRF-Token; reload the page if you see this in a browser.',
  },
  ROLE_TOO_SMALL: {
    status: 403,
    exit: EXIT.failure,
    what: 'only {roles} of the project may do this',
    next: 'Ask one of them.',
  },
  NOT_THERE: {
    status: 404,
    exit: EXIT.failure,
    what: '{what} does not exist, or is not yours',
    next: 'It may have been removed meanwhile; look in its list.',
  },
  MEMBER_ALREADY: {
    status: 409,
    exit: EXIT.failure,
    what: 'you are a member of this project already',
    next: 'Give the invitation to somebody else; an owner changes roles under Settings, People.',
  },
  INVITER_LEFT: {
    status: 403,
    exit: EXIT.failure,
    what: 'who made this invitation may not invite any more',
    next: 'Ask an owner of the project for another one.',
  },
  CHANGED_MEANWHILE: {
    status: 412,
    exit: EXIT.failure,
    what: 'somebody changed {what} after you opened it',
    next: 'Look at the present state, then save again.',
  },
  VERSION_NEEDED: {
    status: 428,
    exit: EXIT.failure,
    what: 'a change needs the version that it was made from',
    next: 'Send the `etag` of what you read as If-Match.',
  },
  TITLE_TAKEN: {
    status: 409,
    exit: EXIT.failure,
    what: 'a service with the title {title} exists already',
    next: 'Choose another title, or change the existing service.',
  },
  TITLE_DIFFERS: {
    status: 400,
    exit: EXIT.failure,
    what: 'the typed title differs from {title}',
    next: 'Type the title exactly as shown.',
  },
  COMMAND_INCOMPLETE: {
    status: 400,
    exit: EXIT.failure,
    what: 'the command {name} needs {field}',
    next: 'Add it to the request.',
  },
  QUERY_REFUSED: {
    status: 400,
    exit: EXIT.failure,
    what: 'cannot list by {field} {value}',
    next: 'Use one of: {known}.',
  },
  TARGET_MALFORMED: {
    status: 400,
    exit: EXIT.failure,
    what: '{target} is no {kind} address',
    next: 'Give a http(s) URL for a web hook, or an e-mail address.',
  },
  TARGETS_FULL: {
    status: 409,
    exit: EXIT.failure,
    what: 'nobody is told at more than {most} places',
    next: 'Remove one first.',
  },
  MAIL_UNSET: {
    status: 409,
    exit: EXIT.failure,
    what: 'this Master has no mail server',
    next: 'Start it with a mail server (SLAPOS_SMTP=smtp://...), or use a web hook.',
  },
  HOOK_REFUSED: {
    status: 502,
    exit: EXIT.failure,
    what: '{target} answered with status {status}',
    next: 'Check the address of the web hook.',
  },
  HOOK_UNREACHABLE: {
    status: 502,
    exit: EXIT.failure,
    what: '{target} cannot be told: {reason}',
    next: 'Give an address of the public internet, or let an operator allow private ones.',
  },
})

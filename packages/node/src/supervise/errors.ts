import { catalogue, EXIT } from '@slapos/base'

export const superviseErrors = catalogue({
  SUPERVISION_MISSING: {
    status: 500,
    exit: EXIT.failure,
    what: 'the program {program} is missing',
    next: 'Install it: apt-get install {package}',
  },
  SCANNER_START: {
    status: 500,
    exit: EXIT.failure,
    what: 'the scanner of {directory} does not start: {reason}',
    next: 'Its log is {log}.',
  },
  SERVICE_DEFINITION: {
    status: 400,
    exit: EXIT.failure,
    what: 'service {name} is refused: {reason}',
    next: 'Correct the plan of its release.',
  },
  SERVICE_UNSTOPPABLE: {
    status: 500,
    exit: EXIT.failure,
    what: 'service {name} does not end: {reason}',
    next: 'Look for its processes with "ps"; it is tried again.',
  },
  SERVICE_START: {
    status: 500,
    exit: EXIT.failure,
    what: 'service {name} is not taken up by the scanner within {seconds} s',
    next: 'The log of the scanner is {log}.',
  },
  NO_SUCH_PROCESS: {
    status: 404,
    exit: EXIT.failure,
    what: '{name}: ERROR (no such process)',
    next: 'List them with "slapos node status".',
  },
})

import { catalogue, EXIT } from '@slapos/base'

/** Errors of the `slapos` command itself. */
export const cliErrors = catalogue({
  UNKNOWN_COMMAND: {
    status: 400,
    exit: EXIT.refused,
    what: "there is no command '{command}'.{guess}",
    next: "'{path} --help' lists what there is.",
  },
  WRONG_OPTION: {
    status: 400,
    exit: EXIT.refused,
    what: '{problem}',
    next: "'{path} --help' lists the options.",
  },
  WRONG_ARGUMENTS: {
    status: 400,
    exit: EXIT.refused,
    what: '{problem}',
    next: 'Usage: {usage}',
  },
  BAD_ASSIGNMENT: {
    status: 400,
    exit: EXIT.failure,
    what: "{option} expects key=value, got '{word}'",
    next: 'Write it as key=value; quote the whole word when the value has spaces.',
  },
  REPEATED_KEY: {
    status: 400,
    exit: EXIT.failure,
    what: "{option} gives '{key}' twice",
    next: 'Keep one of them.',
  },
  CLIENT_NOT_CONFIGURED: {
    status: 400,
    exit: EXIT.failure,
    what: 'Configuration file does not exist: {path}',
    next: "Run 'slapos configure client', or 'npm start' for a cloud on this machine, or give --cfg FILE.",
  },
  CLIENT_CONFIG_INCOMPLETE: {
    status: 400,
    exit: EXIT.failure,
    what: '{path} lacks {key} in [{section}]',
    next: "Add it, or run 'slapos configure client' again.",
  },
  PARAMETERS_FILE: {
    status: 400,
    exit: EXIT.failure,
    what: 'cannot use {path} as parameters: {reason}',
    next: 'Give a .json file that holds an object, or an .xml file as the panel shows it.',
  },
  BAD_STATE: {
    status: 400,
    exit: EXIT.failure,
    what: "--state expects started, stopped or destroyed, got '{state}'",
    next: 'Use one of these words.',
  },
  UNKNOWN_PRODUCT: {
    status: 404,
    exit: EXIT.failure,
    what: "the catalogue has no product '{product}'",
    next: "Give the release's URL, or the name of a product as the panel shows it.",
  },
  HOME_NOT_WRITABLE: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot write to {path}: {reason}',
    next: 'Choose another place with SLAPOS_HOME=/path/to/directory.',
  },
  HOME_IN_USE: {
    status: 409,
    exit: EXIT.locked,
    what: 'a cloud already runs from {path} (process {pid})',
    next: 'Use it, stop it with Ctrl-C there, or choose another place with SLAPOS_HOME.',
  },
  PORT_TAKEN: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot listen on {host}:{port}: another program uses that port',
    next: "Stop that program, or choose other ports with 'npm start -- --api-port N --panel-port N'.",
  },
  PROGRAM_MISSING: {
    status: 500,
    exit: EXIT.failure,
    what: '{program} is not installed',
    next: 'Run: sudo apt-get install -y {package}',
  },
  FORMAT_FAILED: {
    status: 500,
    exit: EXIT.failure,
    what: 'the node could not be formatted: {reason}',
    next: 'Mend that and start again; logs are in {log}.',
  },
  CHILD_ENDED: {
    status: 500,
    exit: EXIT.failure,
    what: 'the {child} stopped ({how}); its last words: {words}',
    next: 'Its log is {log}.',
  },
  NOT_READY_IN_TIME: {
    status: 504,
    exit: EXIT.partial,
    what: '{what} is not there after {seconds} s: {why}',
    next: 'It goes on in the background; see {log}.',
  },
  CLIENT_EXISTS: {
    status: 409,
    exit: EXIT.failure,
    what: '{path} exists already',
    next: 'Move it away first, or choose another file with --cfg.',
  },
  TOKEN_REFUSED: {
    status: 403,
    exit: EXIT.failure,
    what: 'the Master refused this token',
    next: 'Tokens are for one use and expire: request another one in the panel, under your name.',
  },
  CONFIGURE_FAILED: {
    status: 502,
    exit: EXIT.failure,
    what: 'cannot get a certificate from {url}: {reason}',
    next: 'Repeat the command when the cause is gone; if the token is refused then, request another one.',
  },
  OPTION_NEEDED: {
    status: 400,
    exit: EXIT.failure,
    what: '{option} is not given and there is no terminal to ask on',
    next: 'Give it on the command line.',
  },
  BAD_ADDRESS: {
    status: 400,
    exit: EXIT.failure,
    what: "{option} expects HOST:PORT, got '{text}'",
    next: 'Write it like 0.0.0.0:5443 or [::]:5443.',
  },
  MASTER_NOT_PREPARED: {
    status: 500,
    exit: EXIT.failure,
    what: 'there is no Master in {path}',
    next: "Run 'slapos master init' first, with the same --data-directory.",
  },
  UNKNOWN_SHELL: {
    status: 400,
    exit: EXIT.failure,
    what: "no completion for shell '{shell}'",
    next: 'Use bash, zsh or fish.',
  },
})

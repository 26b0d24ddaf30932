import { catalogue, EXIT } from '@slapos/base'

const failure = { status: 500, exit: EXIT.failure } as const

/** What can go wrong while a release is built. */
export const buildErrors = catalogue({
  BUILD_URL: {
    ...failure,
    status: 400,
    what: 'cannot build {url}: {reason}',
    next: 'Supply an https URL of a .tgz that ends in #sha256=DIGEST, or in local mode a directory.',
  },
  BUILD_SPACE: {
    ...failure,
    status: 507,
    what: "Not enough space for {path}: available {available}, required {required} (option 'software_min_free_space')",
    next: 'Free some space, or lower the option.',
  },
  BUILD_DOWNLOAD: {
    ...failure,
    what: 'cannot download {url}: {reason}',
    next: 'Check that the machine reaches it; the build is tried again by itself.',
  },
  BUILD_HASH: {
    ...failure,
    what: 'the content of {url} is not what was expected: its SHA-256 is {found}, not {expected}',
    next: 'Correct the digest if the file was meant to change; else do not trust that server.',
  },
  BUILD_COMMAND: {
    ...failure,
    what: 'step {step} failed: {command} ended with {end}',
    next: 'The last lines of its output follow in the log of the build, {log}.',
  },
  BUILD_APT: {
    ...failure,
    what: 'the Debian packages of step {step} cannot be had: {reason}',
    next: "Check the machine's apt sources with: apt-get update",
  },
  BUILD_PROGRAM: {
    ...failure,
    what: 'step {step} needs the program {program}, which is not on this machine',
    next: 'Install it with: apt-get install {program}',
  },
  BUILD_CANCELLED: {
    ...failure,
    what: 'the build of {url} was cancelled',
    next: 'It is no longer wanted here; supply it again to build it.',
  },
})

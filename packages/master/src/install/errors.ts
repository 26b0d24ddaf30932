import { catalogue, EXIT } from '@slapos/base'

export const installErrors = catalogue({
  BUNDLE_MISSING: {
    status: 503,
    exit: EXIT.failure,
    what: 'this Master has nothing to install from: {path} does not exist',
    next: 'Its administrator makes it with: sh scripts/bundle',
  },
  BUNDLE_DAMAGED: {
    status: 500,
    exit: EXIT.failure,
    what: '{path} does not describe a bundle',
    next: 'Make it again with: sh scripts/bundle',
  },
  BUNDLE_INCOMPLETE: {
    status: 500,
    exit: EXIT.failure,
    what: 'the bundle {version} has no {kind}',
    next: 'Make it again with: sh scripts/bundle',
  },
  ARTEFACT_UNKNOWN: {
    status: 404,
    exit: EXIT.failure,
    what: 'this Master has no artefact {name} with this sum',
    next: 'It was probably upgraded: fetch the install script again.',
  },
  ADDRESS_UNUSABLE: {
    status: 500,
    exit: EXIT.failure,
    what: "'{url}' cannot be written into the install script",
    next: 'Give the Master a plain public URL such as https://master.example.org:5443/',
  },
})

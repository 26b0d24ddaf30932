import { catalogue, EXIT } from '@slapos/base'

const failure = { status: 422, exit: EXIT.failure } as const

/** What can be wrong with a release, with the parameters that it is given, and with the plan that it returns. */
export const releaseErrors = catalogue({
  RELEASE_UNREADABLE: {
    ...failure,
    what: 'cannot read the release at {path}: {reason}',
    next: 'Give the directory that holds release.json.',
  },
  MANIFEST_INVALID: {
    ...failure,
    what: '{path} is not a valid release manifest: {field} {reason}',
    next: 'Correct that field; docs/releases.md lists them all.',
  },
  SCHEMA_INVALID: {
    ...failure,
    what: '{path} is not a usable JSON schema: {reason}',
    next: 'Correct the schema, then run: slapos release check',
  },
  RELEASE_INVALID: {
    ...failure,
    what: 'the release at {path} has {count} problems:{list}',
    next: 'Correct them, then run: slapos release check',
  },
  TYPE_UNKNOWN: {
    ...failure,
    what: 'release {release} has no software type {type} (it has: {known})',
    next: 'Request one of those types.',
  },
  PARAMETERS_INVALID: {
    ...failure,
    what: 'the parameters of {title} do not fit the schema of type {type}: {reason}',
    next: 'Correct the parameters and request again.',
  },
  INSTANCE_FAILED: {
    ...failure,
    what: '{entry} failed: {reason}',
    next: 'Run: slapos release check, on the release, with the same parameters.',
  },
  INSTANCE_TIMEOUT: {
    ...failure,
    what: '{entry} returned no plan within {seconds} s and was killed',
    next: 'It must compute a plan and return: look for an endless loop or a wait.',
  },
  INSTANCE_MEMORY: {
    ...failure,
    what: '{entry} needed more than {megabytes} MB of memory and was killed',
    next: 'A plan is small: look for a list that grows without end.',
  },
  INSTANCE_OUTPUT: {
    ...failure,
    what: '{entry} returned no usable plan: {reason}',
    next: 'It must return normally, neither exit nor write to the standard output itself.',
  },
  PLAN_INVALID: {
    ...failure,
    what: 'the plan is refused: {field} {reason}',
    next: 'Correct instance.ts, then run: slapos release check',
  },
  PLAN_UNSTABLE: {
    ...failure,
    what: 'two runs of type {type} with the same input gave different plans: {field} differs',
    next: 'A plan must depend on its input only: no clock, no random numbers (instance.secret gives stable ones).',
  },
})

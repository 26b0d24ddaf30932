/**
 * The last layer of the sandbox, inside the process: what Node's permission model leaves open is taken away before
 * release code runs. The layers outside (uid, namespaces, limits) do not rest on this one.
 */

/** Built-in modules that computing a plan may need. `fs` reads the release only: the permission model sees to that. */
const ALLOWED = new Set([
  'assert',
  'buffer',
  'crypto',
  'events',
  'fs',
  'fs/promises',
  'path',
  'path/posix',
  'punycode',
  'querystring',
  'string_decoder',
  'url',
  'util',
  'util/types',
])

/** Functions of `process` that reach other processes or load code around the hooks. */
const TAKEN = [
  'binding',
  '_linkedBinding',
  'dlopen',
  'execve',
  'getBuiltinModule',
  'kill',
  '_kill',
  '_debugProcess',
  '_debugEnd',
  '_startProfilerIdleNotifier',
  'loadEnvFile',
  'setUncaughtExceptionCaptureCallback',
  'send',
  'disconnect',
]

export function isAllowedBuiltin(specifier: string): boolean {
  return ALLOWED.has(specifier.replace(/^node:/, ''))
}

export function confine(): void {
  for (const name of TAKEN) {
    Object.defineProperty(process, name, {
      configurable: false,
      value: () => {
        throw new Error(`process.${name} is not available to instance.ts`)
      },
    })
  }
  // What an author prints is for the log; the standard output belongs to the plan.
  process.stdout.write = process.stderr.write.bind(process.stderr)
}

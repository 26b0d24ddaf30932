import { dirname, join } from 'node:path'
import { containment } from './containment.ts'

/** Passed on from the agent's environment: how to reach the network. Everything else stays out. */
const PASSED = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'NPM_CONFIG_REGISTRY',
  'npm_config_registry',
]

/** The whole environment of a build. `destination` is where the release will be once complete. */
export function buildEnvironment(options: {
  readonly directory: string
  readonly destination: string
  readonly node: string
  readonly from?: Readonly<Record<string, string | undefined>>
}): Readonly<Record<string, string>> {
  const { directory, destination, node, from = process.env } = options
  const passed = PASSED.flatMap((name) => {
    const value = from[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(passed),
    PATH: `${dirname(node)}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin`,
    HOME: join(directory, '.build/home'),
    TMPDIR: join(directory, '.build/tmp'),
    LANG: 'C.UTF-8',
    SLAPOS_RELEASE: destination,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    PYTHONNOUSERSITE: 'true',
    DEBIAN_FRONTEND: 'noninteractive',
  }
}

/**
 * Words before every command of a build: it ends with the agent and with everything that it started, has lowest priority
 * and umask 027, and runs as the build user where there is one.
 */
export function commandPrefix(
  buildUser: { readonly uid: number; readonly gid: number } | undefined,
): readonly string[] {
  const bound = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--']
  const user = buildUser
    ? [
        ...['/usr/bin/setpriv', `--reuid=${buildUser.uid}`, `--regid=${buildUser.gid}`, '--clear-groups'],
        ...['--no-new-privs', '--bounding-set=-all', '--'],
      ]
    : []
  return [...bound, ...containment(), ...user, '/bin/sh', '-c', 'umask 027; exec nice -n 10 "$@"', 'build']
}

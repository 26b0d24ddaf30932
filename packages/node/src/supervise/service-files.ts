import { serviceGroup } from './cgroups.ts'
import { fingerprint } from './definition.ts'
import { type Layout, loggerId, serviceId } from './layout.ts'
import { quote } from './shell.ts'
import type { RunAs, ServiceDefinition } from './supervisor.ts'

/** What of this machine goes into service files. */
export interface MachineFacts {
  readonly layout: Layout
  /** Directory of the helper scripts that the files name: immutable, named by content. */
  readonly runtime: string
  /** Directory under which services may have cgroups. */
  readonly cgroups: string | undefined
  /** Directories of hierarchies in which the partition may have a group with limits. */
  readonly limitRoots: readonly string[]
  readonly userNamespaces: boolean
  /** As whom loggers run. */
  readonly logAs: RunAs
  readonly logFiles: number
  readonly logBytes: number
}

export interface ServiceFile {
  readonly name: string
  readonly content: string
  readonly mode: number
  /** To be readable by the service's group. */
  readonly shared?: boolean
}

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin'
const NOBODY = 65534

/** The files of a service's directory. `up` is not among them: the file `down` says it. */
export function serviceFiles(definition: ServiceDefinition, facts: MachineFacts): readonly ServiceFile[] {
  const { partition, name, kind } = definition
  const id = serviceId(partition, name)
  const settings = {
    base: facts.layout.base,
    runtime: facts.runtime,
    id,
    kind,
    generation: fingerprint(definition),
    stop_signal: definition.stopSignal.slice('SIG'.length),
    stop_seconds: String(Math.ceil(definition.stopTimeoutMs / 1000)),
    cgroup: facts.cgroups === undefined ? '' : serviceGroup(facts.cgroups, partition, id),
    limit_groups: partition === '' ? '' : facts.limitRoots.map((root) => `${root}/${partition}`).join(' '),
    launch_as: becoming(definition.runAs, facts.userNamespaces),
  }
  return [
    { name: 'run', content: script(settings, 'run.sh'), mode: 0o700 },
    { name: 'finish', content: script(settings, 'finish.sh'), mode: 0o700 },
    { name: 'launch', content: launch(definition, facts.layout.base), mode: 0o640, shared: true },
    { name: 'down-signal', content: `${definition.stopSignal}\n`, mode: 0o600 },
    // s6 takes 0 for "never".
    { name: 'timeout-kill', content: `${Math.max(1, Math.round(definition.stopTimeoutMs))}\n`, mode: 0o600 },
    { name: 'timeout-finish', content: '30000\n', mode: 0o600 },
  ]
}

/** The files of a logger's directory, beside its `pipe`. */
export function loggerFiles(id: string, facts: MachineFacts): readonly ServiceFile[] {
  const settings = {
    base: facts.layout.base,
    id,
    log_as: becoming(facts.logAs, facts.userNamespaces),
    log_files: String(facts.logFiles),
    log_bytes: String(facts.logBytes),
  }
  return [
    { name: 'run', content: script({ ...settings, runtime: facts.runtime }, 'logger.sh'), mode: 0o700 },
    { name: 'timeout-kill', content: '2000\n', mode: 0o600 },
  ]
}

/**
 * The words that drop privileges. The service's environment is set after them, by `launch`: what a release says in
 * LD_PRELOAD must not reach a program that still is root.
 */
export function becoming(as: RunAs, userNamespaces: boolean): string {
  const bare = ['--inh-caps=-all', '--no-new-privs', '--']
  if (as.kind === 'self') return ''
  if (as.kind === 'namespace' && userNamespaces) {
    return ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--', 'setpriv', ...bare].join(' ')
  }
  const { uid, gid, groups = [] } = as.kind === 'user' ? as : { uid: NOBODY, gid: NOBODY }
  const supplementary = groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, supplementary, '--bounding-set=-all', ...bare].join(' ')
}

function launch(definition: ServiceDefinition, base: string): string {
  const { partition, name, command, directory, timeoutMs } = definition
  const user = partition === '' ? 'root' : partition
  const environment = {
    PATH: DEFAULT_PATH,
    HOME: directory,
    USER: user,
    LOGNAME: user,
    ...definition.environment,
    // The mark by which a lost process is recognised; see common.sh.
    SLAPOS_SERVICE: `${base}:${serviceId(partition, name)}`,
  }
  const words = [...(timeoutMs === undefined ? [] : ['timeout', '-k', '5', String(timeoutMs / 1000)]), ...command]
  return [
    'umask 027',
    `cd ${quote(directory)} || exit 126`,
    ...Object.entries(environment).map(([key, value]) => `export ${key}=${quote(value)}`),
    `exec ${words.map(quote).join(' ')}`,
    '',
  ].join('\n')
}

function script(settings: Readonly<Record<string, string>>, helper: string): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${quote(value)}`)
  return ['#!/bin/sh', ...lines, `. "$runtime/${helper}"`, ''].join('\n')
}

export const loggerOf = (definition: ServiceDefinition) => loggerId(serviceId(definition.partition, definition.name))

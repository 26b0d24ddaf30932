import { execFile } from 'node:child_process'
import { access, chown, lchown, lstat, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { EXIT, systemClock, writeFileAtomic } from '@slapos/base'
import { masterRuns } from '@slapos/master/commands/index.ts'
import { cliErrors } from './errors.ts'
import type { Io } from './io.ts'
import type { ServeOptions } from './serve-master.ts'

const run = promisify(execFile)
const NAME = 'slapos-master.service'
const PATH = `/etc/systemd/system/${NAME}`
/** With an upgrade of the database on a slow disk. */
const STARTS_MS = 60_000
const PROGRAM = resolve(import.meta.dirname, '../bin/slapos')

export interface UnitOptions extends ServeOptions {
  readonly user: string
  readonly install?: boolean
}

/** `slapos master unit`: prints the systemd unit; with `--install`, installs and enables it. */
export async function masterUnit(io: Io, options: UnitOptions): Promise<number> {
  // Everybody reads units and lists of processes.
  if (options.database !== undefined && URL.parse(options.database)?.password) throw cliErrors.PASSWORD_IN_UNIT()
  const unit = unitText(options, PROGRAM)
  if (!options.install) {
    io.out(unit)
    return EXIT.ok
  }
  if (process.getuid?.() !== 0) throw cliErrors.ROOT_NEEDED({ command: 'slapos master unit --install' })
  const { dataDirectory, user } = options
  const booted = await exists('/run/systemd/system')
  if (!booted)
    throw cliErrors.NO_SYSTEMD({
      command: ['setsid', '-f', ...commandWords(options, PROGRAM)].map(shellQuoted).join(' '),
    })
  if (!(await exists(join(dataDirectory, 'pki')))) throw cliErrors.MASTER_NOT_PREPARED({ path: dataDirectory })
  const { uid, gid } = await account(user)
  await give(dataDirectory, uid, gid)
  await writeFileAtomic(PATH, unit, { mode: 0o644 })
  await run('systemctl', ['daemon-reload'])
  await run('systemctl', ['enable', NAME])
  // Also one that runs already: it may have run with other options. Not `restart`: between two tries of a Master that
  // could not start, that would go on counting them.
  await run('systemctl', ['stop', NAME])
  await run('systemctl', ['start', NAME])
  await answering(dataDirectory)
  io.out(`${PATH} is installed, and the Master runs as ${user}. Its log: journalctl -u ${NAME}\n`)
  return EXIT.ok
}

/**
 * Pure. The Master may listen on low ports, write its data directory, and nothing else. What must not stand on a
 * command line (`SLAPOS_SMTP`) comes from a file that only root reads.
 */
export function unitText(options: UnitOptions, program: string): string {
  const atHome = /^\/(home|root|run\/user)\//
  const { dataDirectory, bundle = '', webCert = '', webKey = '' } = options
  const home = [program, dataDirectory, bundle, webCert, webKey].some((path) => atHome.test(path))
  return `[Unit]
Description=SlapOS Master
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${commandWords(options, program).map(quoted).join(' ')}
User=${options.user}
EnvironmentFile=-/etc/default/slapos-master
Restart=always
RestartSec=2
TimeoutStopSec=30
LimitNOFILE=65536
UMask=0077
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ReadWritePaths=${quoted(options.dataDirectory)}
ProtectSystem=strict
ProtectHome=${home ? 'no' : 'yes'}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=multi-user.target
`
}

function commandWords(options: UnitOptions, program: string): readonly string[] {
  const { dataDirectory, database, api, web, apiUrl, webUrl, bundle, mailFrom, allowPrivateReleases } = options
  const { webCert, webKey, trustedProxy = [] } = options
  const words = [program, 'master', 'start', '--data-directory', dataDirectory, '--api', api, '--web', web]
  for (const [option, value] of [
    ['--database', database],
    ['--api-url', apiUrl],
    ['--web-url', webUrl],
    ['--web-cert', webCert && resolve(webCert)],
    ['--web-key', webKey && resolve(webKey)],
    ['--bundle', bundle],
    ['--mail-from', mailFrom],
  ] as const) {
    if (value !== undefined) words.push(option, value)
  }
  if (trustedProxy.length > 0) words.push('--trusted-proxy', ...trustedProxy)
  if (allowPrivateReleases) words.push('--allow-private-releases')
  return words
}

/** systemd.service(5), "Command lines": `%` and `$` are doubled, a word with blanks or quotes stands in quotes. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w@%+=:,./[\]$?&-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll(/["\\]/g, '\\$&')}"`
}

const shellQuoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Started is not running: a taken port, an unreadable key. Throws MASTER_UNIT_FAILED with the reason that it logged. */
async function answering(dataDirectory: string): Promise<void> {
  const end = performance.now() + STARTS_MS
  while (!(await masterRuns(dataDirectory))) {
    const { stdout } = await run('systemctl', ['show', '--value', '--property=NRestarts', NAME])
    if (Number(stdout) === 0 && performance.now() < end) {
      await systemClock.sleep(200)
      continue
    }
    const log = await run('journalctl', ['--no-pager', '-o', 'cat', '-n', '20', '-u', NAME]).catch(() => ({
      stdout: '',
    }))
    const reason = [...log.stdout.matchAll(/^slapos: (.*)$/gm)].at(-1)?.[1] ?? 'it does not answer'
    throw cliErrors.MASTER_UNIT_FAILED({ unit: NAME, reason })
  }
}

/** The account of the service, made when it is not there. */
async function account(user: string): Promise<{ readonly uid: number; readonly gid: number }> {
  await run('id', [user]).catch(() =>
    run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', user]),
  )
  const number = async (option: string) => Number((await run('id', [option, user])).stdout)
  return { uid: await number('-u'), gid: await number('-g') }
}

async function give(path: string, uid: number, gid: number): Promise<void> {
  await chown(path, uid, gid)
  for (const name of await readdir(path)) {
    const each = join(path, name)
    const found = await lstat(each)
    if (found.isDirectory()) await give(each, uid, gid)
    else if (found.isFile()) await lchown(each, uid, gid)
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

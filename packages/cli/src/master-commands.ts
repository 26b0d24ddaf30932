import { Command, Option } from 'commander'
import type { Finish } from './finish.ts'
import type { Io } from './io.ts'
import { wholeNumber } from './whole-number.ts'

type MasterCommands = typeof import('@slapos/master/commands/index.ts')

/** `slapos master ...`: the Master as a server, and its administration, running or not. */
export function addMasterCommands(program: Command, io: Io, finish: Finish): void {
  const master = new Command('master').helpGroup('Set-up:').description('the Master as a server')
  const load = (): Promise<MasterCommands> => import('@slapos/master/commands/index.ts')
  const output = { out: (line: string) => io.out(`${line}\n`), err: (line: string) => io.err(`${line}\n`) }
  const on = (parent: Command, name: string, description: string) => {
    const command = new Command(name)
      .description(description)
      .option('--data-directory <path>', 'where the Master keeps everything', '/var/lib/slapos-master')
      .option('--database <url>', 'postgres://... instead of the embedded database')
    parent.addCommand(command)
    return command
  }
  const group = (name: string, description: string) => {
    const command = new Command(name).description(description)
    master.addCommand(command)
    return command
  }

  on(master, 'init', 'prepare data directory, authority, first user and project')
    .option('--login <name>', 'first user (default admin)')
    .option('--password <password>', PASSWORD)
    .option('--name <name>', 'their full name')
    .option('--email <address>', 'their e-mail address')
    .option('--project <title>', 'title of the first project')
    .action(async (options) =>
      finish(await (await load()).initMaster({ ...options, ...optionalPassword(io, options.password) }, output)),
    )
  const serving = (command: Command) =>
    command
      .option('--api <host:port>', 'where nodes and clients connect', '0.0.0.0:5443')
      .option('--web <host:port>', 'panel and registration', '0.0.0.0:443')
      .option('--api-url <url>', 'how others reach the API, when that differs')
      .option('--web-url <url>', 'how others reach the web side, when that differs')
      .option(
        '--web-cert <file>',
        'certificate (PEM, with its chain) to show on the web side; taken up when it changes',
      )
      .option('--web-key <file>', 'its key')
      .option('--trusted-proxy <address...>', 'proxies before the web side, whose X-Forwarded-For is believed')
      .option('--bundle <path>', 'what installers fetch (made by scripts/bundle)')
      .option('--mail-from <address>', 'sender of notifications, sent by the mail server that SLAPOS_SMTP names')
      .option('--allow-private-releases', 'also releases from plain http and private addresses')
  serving(on(master, 'unit', 'print or install the systemd unit that starts it'))
    .option('--user <name>', 'account that it runs as', 'slapos-master')
    .option('--install', 'make the account, install, enable and start the unit')
    .action(async (options) => finish(await (await import('./master-unit.ts')).masterUnit(io, options)))
  serving(on(master, 'start', 'run the Master in the foreground')).action(async (options) =>
    finish(await (await import('./serve-master.ts')).serveMaster(io, options)),
  )
  on(master, 'status', 'whether it runs, where, what is unhealthy and what to do')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await load()).masterStatus(options, output)))
  on(master, 'backup', 'database and keys into one file, while it runs')
    .argument('<file>')
    .action(async (file, options) => finish(await (await load()).backupMaster({ ...options, file }, output)))
  on(master, 'upgrade', 'bring the database of a stopped Master to this version; start does it by itself').action(
    async (options) => finish(await (await load()).upgradeMaster(options, output)),
  )
  on(master, 'restore', 'a backup into an empty data directory; a new epoch begins')
    .argument('<file>')
    .action(async (file, options) => finish(await (await load()).restoreMaster({ ...options, file }, output)))

  const user = group('user', 'people who log in')
  on(user, 'add', 'add a person')
    .argument('<login>')
    .option('--password <password>', PASSWORD)
    .option('--name <name>')
    .option('--email <address>')
    .option('--project <title>', 'their project')
    .option('--operator', 'may do everything')
    .action(async (login, options) =>
      finish(await (await load()).addUser({ ...options, ...optionalPassword(io, options.password), login }, output)),
    )
  on(user, 'passwd', 'set a new password; ends their sessions')
    .argument('<login>')
    .option('--password <password>', PASSWORD)
    .action(async (login, options) =>
      finish(
        await (await load()).setPassword({ ...options, ...optionalPassword(io, options.password), login }, output),
      ),
    )
  on(user, 'list', 'list people')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await load()).listUsers(options, output)))

  const token = group('token', 'single-use tokens')
  on(token, 'create', 'make one; it is printed alone on its line')
    .argument('<login>', 'in whose name it acts')
    .addOption(
      new Option('--for <purpose>', 'what it is for').choices(['computer', 'person', 'invitation']).default('computer'),
    )
    .option('--project <reference>')
    .option('--hours <hours>', 'how long it can be used', wholeNumber(1, 8760))
    .action(async (login, { for: purpose, ...options }) =>
      finish(await (await load()).createToken({ ...options, purpose, login }, output)),
    )
  on(token, 'list', 'list tokens')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await load()).listTokens(options, output)))
  on(token, 'revoke', 'revoke a token')
    .argument('<id>')
    .action(async (id, options) => finish(await (await load()).revokeToken({ ...options, id }, output)))

  const limit = group('limit', 'how much projects, nodes and people may use')
  on(limit, 'list', 'list every limit')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await load()).listLimits(options, output)))
  on(limit, 'set', 'change a limit, for everybody or for one')
    .argument('<name>', 'as `limit list` shows it')
    .argument('<value>', 'a whole number', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--for <reference>', 'only for this project, node or person (PROJ-1, COMP-1, PERS-1 or a log-in name)')
    .action(async (name, value, { for: of, ...options }) =>
      finish(await (await load()).setLimit({ ...options, name, value, ...(of !== undefined && { of }) }, output)),
    )

  const certificate = group('cert', 'certificates of people, nodes and instances')
  on(certificate, 'renew', "the server's own, with another key; open connections go on").action(async (options) =>
    finish(await (await load()).renewServerCertificate(options, output)),
  )
  on(certificate, 'list', 'list certificates')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await load()).listCertificates(options, output)))
  on(certificate, 'revoke', 'revoke at once, on open connections too')
    .argument('<of>', 'COMP-n, PERS-n, SOFTINST-n or a fingerprint')
    .action(async (of, options) => finish(await (await load()).revokeCertificate({ ...options, of }, output)))
  program.addCommand(master)
}

/** A password on a command line is seen by every user of the machine: the environment is the better place. */
function optionalPassword(io: Io, given: string | undefined): { readonly password?: string } {
  const password = given ?? io.environment['SLAPOS_PASSWORD']
  return password === undefined ? {} : { password }
}

const PASSWORD = 'better in the environment, SLAPOS_PASSWORD; made and printed when absent'

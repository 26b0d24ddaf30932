import { Command, Option } from 'commander'
import type { Finish } from './finish.ts'
import type { Io } from './io.ts'
import { ownOrLocal } from './up/local-home.ts'
import { wholeNumber } from './whole-number.ts'

type NodeModule = typeof import('@slapos/node')

/** `slapos node ...`: this machine as a node, with the commands, output and exit codes of the existing one. */
export function addNodeCommands(program: Command, outer: Io, finish: Finish): void {
  const io = { ...outer, environment: withNodeConfiguration(outer.environment) }
  const node = new Command('node')
    .helpGroup('Nodes:')
    .description('this machine as a node; alone: status of its processes')
    .enablePositionalOptions()
  const load = (): Promise<NodeModule> => import('@slapos/node')
  const on = (name: string, description: string) => configured(new Command(name).description(description))
  const add = (command: Command) => node.addCommand(command)

  configured(node)
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await load()).statusCommand(io, options)))
  add(
    on('status', 'status of processes')
      .argument('[name...]', 'slappart0:NAME, slappart0: or all')
      .option('--json', 'print JSON')
      .action(async (names, options) => finish(await (await load()).statusCommand(io, options, names))),
  )
  for (const action of ['start', 'stop', 'restart'] as const) {
    add(
      on(action, `${action} processes`)
        .argument('<name...>', 'slappart0:NAME, slappart0: or all')
        .action(async (names, options) => finish(await (await load()).controlCommand(io, options, action, names))),
    )
  }
  add(
    on('tail', 'last lines of a process')
      .argument('<name>', 'slappart0:NAME')
      .option('-f, --follow', 'go on with what comes')
      .option('--bytes <count>', 'how much of the end (default 1600)', wholeNumber(1))
      .action(async (name, options) => finish(await (await load()).tailCommand(io, options, name, interrupted()))),
  )
  add(
    forced(on('software', 'build and remove software releases now'))
      .addOption(new Option('--only <releases>', 'only these URLs or MD5 names, comma separated'))
      .addOption(new Option('--only-sr <releases>').hideHelp())
      .action(async ({ onlySr, all, ...options }) =>
        finish(
          await (await load()).softwareCommand(io, { ...options, ...either('only', onlySr), ...either('force', all) }),
        ),
      ),
  )
  add(
    forced(on('instance', 'deploy instances now'))
      .addOption(new Option('--only <partitions>', 'only these partitions, comma separated'))
      .addOption(new Option('--only-cp <partitions>').hideHelp())
      .action(async ({ onlyCp, all, ...options }) =>
        finish(
          await (await load()).instanceCommand(io, { ...options, ...either('only', onlyCp), ...either('force', all) }),
        ),
      ),
  )
  add(
    on('report', 'send usage, remove destroyed instances').action(async (options) =>
      finish(await (await load()).reportCommand(io, options)),
    ),
  )
  add(
    on('promise', 'check promises now')
      .option('--only <partitions>', 'only these partitions, comma separated')
      .action(async (options) => finish(await (await load()).promiseCommand(io, options))),
  )
  add(
    on('format', 'prepare users, addresses and partitions, and tell the Master')
      .option('--now', 'without the random delay')
      .addOption(new Option('-n, --dry-run', 'print what would be done'))
      .addOption(new Option('--alter_user <bool>', 'True or False: make users, whatever slapos.cfg says'))
      .addOption(new Option('--alter_network <bool>', 'True or False: add addresses, whatever slapos.cfg says'))
      .addOption(new Option('-x, --computer_xml <file>', 'state file, whatever slapos.cfg says'))
      .addOption(new Option('-i, --input_definition_file <file>').hideHelp())
      .addOption(new Option('-o, --output_definition_file <file>').hideHelp())
      .addOption(new Option('--computer_json <file>').hideHelp())
      .addOption(new Option('-c, --console').hideHelp())
      .addOption(new Option('--dry_run').hideHelp())
      .action(async (options) =>
        finish(await (await load()).formatCommand(io, { ...options, ...formatOptions(options) })),
      ),
  )
  add(
    on('bang', 'have every instance of this node processed again')
      .option('-m, --message <text>', 'why')
      .action(async (options) => finish(await (await load()).bangCommand(io, options))),
  )
  add(
    on('boot', 'restore addresses after a start of the machine').action(async (options) =>
      finish(await (await load()).bootCommand(io, options)),
    ),
  )
  add(
    on('agent', 'run the agent in the foreground').action(async (options) =>
      finish(await (await load()).agentCommand(io, options)),
    ),
  )
  add(
    on('keep', 'keep the agent running where no init does').action(async (options) =>
      finish(await (await load()).keepCommand(io, options)),
    ),
  )
  add(
    on('leave', 'tell the Master that this machine leaves for good').action(async (options) =>
      finish(await (await load()).leaveCommand(io, options)),
    ),
  )
  add(registerCommand(io, finish, load))
  program.addCommand(node)
}

/** The option names of the existing command, as this one's. */
function formatOptions(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    ...either('dryRun', given['dry_run'] ?? given['dryRun']),
    ...either('alterUser', given['alter_user']),
    ...either('alterNetwork', given['alter_network']),
    ...either('computerXml', given['computer_xml']),
    ...either('inputDefinitionFile', given['input_definition_file']),
    ...either('outputDefinitionFile', given['output_definition_file']),
  }
}

function registerCommand(io: Io, finish: Finish, load: () => Promise<NodeModule>): Command {
  return configured(new Command('register').description('register this machine as a node of a Master'))
    .argument('<name>', 'name of this machine')
    .option('--master-url <url>', 'API of the Master')
    .option('--master-url-web <url>', 'web side of the Master')
    .option('--token <token>', 'single-use token (or environment SLAPOS_TOKEN)')
    .option('--login-auth', 'ask for login and password instead of a token')
    .option('--login <name>', 'log in with this name and a password instead')
    .option('--password <password>', 'password for --login (or environment SLAPOS_PASSWORD)')
    .option('--interface-name <name>', 'interface of the partitions (default lo)')
    .option('--partition-number <count>', 'how many partitions (default 10)', wholeNumber(1, 10_000))
    .option('--ipv4-local-network <network>', 'addresses of the partitions (default 10.0.0.0/16)')
    .option('--software-root <path>', 'releases (default /opt/slapgrid)')
    .option('--instance-root <path>', 'partitions (default /srv/slapgrid)')
    .option('-t, --create-tap', 'written into slapos.cfg; this node makes no tap devices')
    .option('-n, --dry-run', 'say what would be done')
    .action(async (name, options) => {
      const token = options.token ?? io.environment['SLAPOS_TOKEN']
      const password = options.password ?? io.environment['SLAPOS_PASSWORD']
      finish(
        await (await load()).registerCommand(
          io,
          { ...options, ...either('token', token), ...either('password', password) },
          name,
        ),
      )
    })
}

/** The node of the cloud on this machine is meant where the machine itself is none. */
function withNodeConfiguration(environment: Io['environment']): Io['environment'] {
  if (environment['SLAPOS_CONFIGURATION'] !== undefined) return environment
  return {
    ...environment,
    SLAPOS_CONFIGURATION: ownOrLocal(environment, '/etc/opt/slapos/slapos.cfg', (home) => home.nodeConfiguration),
  }
}

function configured(command: Command): Command {
  return command
    .option(
      '--cfg <file>',
      'slapos.cfg (default $SLAPOS_CONFIGURATION, else /etc/opt/slapos/slapos.cfg, else that of `slapos up`)',
    )
    .addOption(new Option('--log-file, --logfile <file>', 'also write everything to this file'))
}

function forced(command: Command): Command {
  return command
    .option('--now', 'at once (it always is)')
    .option('--force', 'also what has not changed')
    .addOption(new Option('--all').hideHelp())
}

function either(key: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [key]: value }
}

/** Ctrl-C, or nobody reads any more. */
function interrupted(): AbortSignal {
  const ending = new AbortController()
  process.once('SIGINT', () => ending.abort())
  process.stdout.once('error', () => ending.abort())
  return ending.signal
}

import { Command, Option } from 'commander'
import type { Finish } from '../finish.ts'
import type { Io } from '../io.ts'
import { wholeNumber } from '../whole-number.ts'
import type { TokenKind } from './tokens.ts'

/** What people ask of a Master, with the arguments of the existing client. */
export function addClientCommands(program: Command, io: Io, finish: Finish): void {
  program
    .addCommand(requestCommand(io, finish).helpGroup('Services:'))
    .addCommand(serviceCommand(io, finish).helpGroup('Services:'))
    .addCommand(
      configured('why')
        .helpGroup('Services:')
        .description('explain in one paragraph why a service is not green')
        .argument('<title>', 'of the service; or COMP-n')
        .action(async (title, options) => finish(await (await import('./why.ts')).why(io, title, options))),
    )
    .addCommand(supplyCommand('supply', 'available', 'supply a software release to a node', io, finish))
    .addCommand(supplyCommand('remove', 'destroyed', 'remove a software release from a node', io, finish))
    .addCommand(computerCommand(io, finish).helpGroup('Nodes:'))
    .addCommand(configureCommand(io, finish))
    .addCommand(clientCommand(io, finish))
}

/** A command that reads slapos-client.cfg. */
function configured(name: string): Command {
  return new Command(name)
    .option('--cfg <file>', 'client configuration (default ~/.slapos/slapos-client.cfg)')
    .option('--json', 'print JSON')
}

function requestCommand(io: Io, finish: Finish): Command {
  return configured('request')
    .description('request a service, or see its connection parameters')
    .argument('<reference>', 'title of your instance')
    .argument('<software_url>', 'URL or directory of the release, or product.NAME')
    .option('--node <key=value...>', 'where it may run, e.g. computer_guid=COMP-1')
    .option('--type <type>', 'software type')
    .addOption(new Option('--state <state>', 'what it should be').choices(['started', 'stopped', 'destroyed']))
    .option('--slave', 'ask for a slave instance')
    .addOption(new Option('--force-serialisation <form>', 'how to send the parameters').choices(['xml', 'json-in-xml']))
    .option('--parameters <key=value...>', 'instance parameters')
    .addOption(
      new Option('--parameters-file <file>', 'instance parameters in a .json or .xml file').conflicts('parameters'),
    )
    .action(async (reference, url, options) =>
      finish(await (await import('./request.ts')).request(io, reference, url, options)),
    )
}

function supplyCommand(
  name: string,
  state: 'available' | 'destroyed',
  description: string,
  io: Io,
  finish: Finish,
): Command {
  return configured(name)
    .helpGroup('Nodes:')
    .description(description)
    .argument('<software_url>', 'URL or directory of the release, or product.NAME')
    .argument('<node>', 'COMP-n')
    .action(async (url, node, options) =>
      finish(await (await import('./supply.ts')).supply(io, url, node, state, options)),
    )
}

function serviceCommand(io: Io, finish: Finish): Command {
  return new Command('service')
    .description('list services, show one')
    .addCommand(
      configured('list')
        .description('list services')
        .action(async (options) => finish(await (await import('./services.ts')).listServices(io, options))),
    )
    .addCommand(
      configured('info')
        .description('status, parameters and connection parameters of a service')
        .argument('<reference>', 'title of the service')
        .action(async (title, options) =>
          finish(await (await import('./services.ts')).serviceInfo(io, title, options)),
        ),
    )
}

function computerCommand(io: Io, finish: Finish): Command {
  return new Command('computer')
    .description('list nodes, show one, make tokens for new ones')
    .enablePositionalOptions()
    .addCommand(
      configured('list')
        .description('list nodes')
        .action(async (options) => finish(await (await import('./computers.ts')).listComputers(io, options))),
    )
    .addCommand(
      configured('info')
        .description('one node')
        .argument('<reference>', 'COMP-n')
        .action(async (reference, options) =>
          finish(await (await import('./computers.ts')).computerInfo(io, reference, options)),
        ),
    )
    .addCommand(
      tokenCommand('computer', io, finish)
        .description('make a single-use token with which a machine joins; list, revoke them')
        .option('--hours <hours>', 'how long it can be used (default 24)', wholeNumber(1, 720))
        .action(async (options) => finish(await (await import('./tokens.ts')).computerToken(io, options))),
    )
}

function clientCommand(io: Io, finish: Finish): Command {
  return new Command('client')
    .helpGroup('Set-up:')
    .description('other clients that speak for you')
    .enablePositionalOptions()
    .addCommand(
      tokenCommand('client', io, finish)
        .description('make a single-use token for `slapos configure client` elsewhere; list, revoke them')
        .action(async (options) => finish(await (await import('./tokens.ts')).clientToken(io, options))),
    )
}

/** Alone it makes one. What follows the name of a command below it is that command's, here and in its parents. */
function tokenCommand(kind: TokenKind, io: Io, finish: Finish): Command {
  return configured('token')
    .enablePositionalOptions()
    .addCommand(
      configured('list')
        .description('tokens that were made, and what became of them')
        .action(async (options) => finish(await (await import('./tokens.ts')).listTokens(io, kind, options))),
    )
    .addCommand(
      configured('revoke')
        .description('make a token useless')
        .argument('<id>', 'as `list` shows it')
        .action(async (id, options) => finish(await (await import('./tokens.ts')).revokeToken(io, kind, id, options))),
    )
}

function configureCommand(io: Io, finish: Finish): Command {
  return new Command('configure')
    .helpGroup('Set-up:')
    .description('set up this account')
    .addCommand(
      new Command('client')
        .description('get a personal certificate and write slapos-client.cfg')
        .option('--master-url-web <url>', 'web side of the Master')
        .option('--master-url <url>', 'API of the Master')
        .option('--token <token>', 'token from the panel (asked for when absent)')
        .option('--cfg <file>', 'where to write the configuration (default ~/.slapos/slapos-client.cfg)')
        .action(async (options) => finish(await (await import('./configure.ts')).configureClient(io, options))),
    )
}

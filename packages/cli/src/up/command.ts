import type { Command } from 'commander'
import type { Finish } from '../finish.ts'
import type { Io } from '../io.ts'
import { portNumber, wholeNumber } from '../whole-number.ts'

/** `slapos up` (what `npm start` runs) and `slapos down`. */
export function addUpCommand(program: Command, io: Io, finish: Finish): void {
  program
    .command('up')
    .helpGroup('A cloud on this machine:')
    .description('run a whole cloud here: Master, node, and a first service')
    .option('--home <directory>', 'where everything lives (default $SLAPOS_HOME, else var/)')
    .option('--api-port <port>', 'port of the Master API (default 5443)', portNumber)
    .option('--panel-port <port>', 'port of the panel (default 5480)', portNumber)
    .option('--partitions <count>', 'partitions of the node (default 10)', wholeNumber(1, 1000))
    .option('--keep-services', 'leave services running when this ends')
    .option('--no-open', 'do not open the panel in the browser of this desktop')
    .option('--no-demo', 'do not request the first service')
    .action(async (options) => finish(await (await import('./up.ts')).up(io, options)))
  program
    .command('down')
    .helpGroup('A cloud on this machine:')
    .description('stop it, and the services that it left running')
    .option('--home <directory>', 'where everything lives (default $SLAPOS_HOME, else var/)')
    .action(async (options) => finish(await (await import('./down.ts')).down(io, options)))
  program
    .command('_cloud-master', { hidden: true })
    .helpGroup('A cloud on this machine:')
    .requiredOption('--home <directory>')
    .requiredOption('--api-port <port>')
    .requiredOption('--panel-port <port>')
    .action(async (options) => finish(await (await import('./cloud-master.ts')).cloudMaster(options)))
}

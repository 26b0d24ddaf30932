import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { addClientCommands } from './client/commands.ts'
import type { Finish } from './finish.ts'
import type { Io } from './io.ts'
import { addMasterCommands } from './master-commands.ts'
import { addNodeCommands } from './node-commands.ts'
import { addReleaseCommands } from './release-commands.ts'
import { addUpCommand } from './up/command.ts'

export function buildProgram(io: Io, finish: Finish): Command {
  const program = new Command('slapos')
    .description('A decentralized cloud: Master, nodes and the software that runs on them.')
    .version(`slapos ${version()}`, '--version')
    .option('-v, --verbose', 'say more; errors show their stack')
    .option('-q, --quiet', 'say only warnings and errors')
    .configureOutput({ writeOut: io.out, writeErr: io.err, getOutHelpWidth: () => io.columns })
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .exitOverride()
  addUpCommand(program, io, finish)
  addNodeCommands(program, io, finish)
  addClientCommands(program, io, finish)
  addMasterCommands(program, io, finish)
  addReleaseCommands(program, io, finish)
  program
    .command('completion')
    .description('print a completion script for bash, zsh or fish')
    .argument('<shell>')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts')
      io.out(completionScript(shell, program))
      finish(0)
    })
  return program
}

export function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : 'unknown'
}

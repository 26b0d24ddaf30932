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
import { settle } from './usage.ts'

export function buildProgram(io: Io, finish: Finish): Command {
  const program = new Command('slapos')
    .description('A decentralized cloud: Master, nodes and the software that runs on them.')
    .version(`slapos ${version()}`, '--version')
    .enablePositionalOptions()
    .commandsGroup('Set-up:')
    .helpCommand('help [command]', 'show how a command is used')
  addUpCommand(program, io, finish)
  addClientCommands(program, io, finish)
  addNodeCommands(program, io, finish)
  addMasterCommands(program, io, finish)
  addReleaseCommands(program, io, finish)
  program
    .command('completion')
    .helpGroup('Set-up:')
    .description('print a completion script for bash, zsh or fish')
    .argument('<shell>', 'bash, zsh or fish. In ~/.bashrc: source <(slapos completion bash)')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts')
      io.out(completionScript(shell, program))
      finish(0)
    })
  settle(program, io)
  // What is said before the command's name holds for the command.
  program.hook('preAction', (_program, command) => {
    const { verbose, quiet } = command.optsWithGlobals()
    if (verbose) command.setOptionValue('verbose', true)
    if (quiet) command.setOptionValue('quiet', true)
  })
  return program
}

export function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : 'unknown'
}

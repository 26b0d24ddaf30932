import type { SlapError } from '@slapos/base'
import type { Command, CommanderError } from 'commander'
import { cliErrors } from './errors.ts'
import type { Io } from './io.ts'
import { mostSimilar } from './similar.ts'

/**
 * Gives every command below `command` the same manners: help as wide as the terminal, `-v` and `-q` at any place, help
 * for a group that is named alone, and one line for whatever is wrong with a command line.
 */
export function settle(command: Command, io: Io, path = command.name()): void {
  command
    .configureOutput({ writeOut: io.out, writeErr: io.out, outputError: () => {}, getOutHelpWidth: () => io.columns })
    .configureHelp({ subcommandTerm: (child) => child.name() })
    .exitOverride((error) => {
      throw error.exitCode === 0 || error.code === 'commander.help' ? error : usageError(error, command, path)
    })
  if (!command.options.some((option) => option.long === '--verbose'))
    command.option('-v, --verbose', 'say more; errors show their stack')
  if (!command.options.some((option) => option.long === '--quiet'))
    command.option('-q, --quiet', 'say only warnings and errors')
  for (const child of command.commands) settle(child, io, `${path} ${child.name()}`)
}

function usageError(error: CommanderError, command: Command, path: string): SlapError {
  const group = command.commands.length > 0
  const [word = ''] = command.args
  if (group && ['commander.unknownCommand', 'commander.excessArguments'].includes(error.code)) {
    const names = command.commands.map((child) => child.name()).filter((name) => !name.startsWith('_'))
    const similar = mostSimilar(word, names)
    const guess = similar === undefined ? '' : ` Did you mean '${path} ${similar}'?`
    return cliErrors.UNKNOWN_COMMAND({ command: `${path} ${word}`, guess, path }, error)
  }
  const [problem = '', guess = ''] = error.message.replace(/^error: /, '').split(/\n?\((?=Did you mean)/)
  const told = [problem.trim().replace(/\.$/, ''), guess.replace(/\)$/, '')].filter(Boolean).join('. ')
  if (error.code === 'commander.missingArgument' || error.code === 'commander.excessArguments')
    return cliErrors.WRONG_ARGUMENTS({ problem: told, usage: `${path} ${command.usage()}` }, error)
  return cliErrors.WRONG_OPTION({ problem: told, path }, error)
}

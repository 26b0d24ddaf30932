import type { Command } from 'commander'
import { cliErrors } from './errors.ts'

/** A shell script that completes commands and options; made from the program itself, so it is never out of date. */
export function completionScript(shell: string, program: Command): string {
  const table = flatten(program, program.name())
  if (shell === 'bash') return bash(table)
  if (shell === 'zsh') return `autoload -U +X bashcompinit && bashcompinit\n${bash(table)}`
  if (shell === 'fish') return fish(table)
  throw cliErrors.UNKNOWN_SHELL({ shell })
}

interface Entry {
  /** `slapos node`, `slapos node format`... */
  readonly path: string
  readonly words: readonly string[]
}

function flatten(command: Command, path: string): Entry[] {
  const children = command.commands.filter((child) => !child.name().startsWith('_'))
  const options = command.options.flatMap((option) => (option.long ? [option.long] : []))
  const own = { path, words: [...children.map((child) => child.name()), ...options, '--help'] }
  return [own, ...children.flatMap((child) => flatten(child, `${path} ${child.name()}`))]
}

function bash(table: readonly Entry[]): string {
  const cases = table.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`)
  return [
    '_slapos() {',
    '  local path=slapos word words=""',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in -*) ;; *) case "$path $word" in',
    ...table.slice(1).map(({ path }) => `      '${path}') path='${path}' ;;`),
    '    esac ;; esac',
    '  done',
    '  case "$path" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _slapos slapos',
    '',
  ].join('\n')
}

function fish(table: readonly Entry[]): string {
  const lines = table.flatMap(({ path, words }) => {
    const seen = path.split(' ').slice(1)
    const condition = seen.length === 0 ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${seen.at(-1)}`
    return words.map((word) =>
      word.startsWith('--')
        ? `complete -c slapos -n '${condition}' -l ${word.slice(2)}`
        : `complete -c slapos -f -n '${condition}' -a ${word}`,
    )
  })
  return `${lines.join('\n')}\n`
}

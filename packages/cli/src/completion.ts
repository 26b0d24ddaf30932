import type { Command, Option } from 'commander'
import { cliErrors } from './errors.ts'

/** A shell script that completes commands and options; made from the program itself, so it is never out of date. */
export function completionScript(shell: string, program: Command): string {
  const table = flatten(program, program.name())
  if (shell === 'bash') return bash(table)
  if (shell === 'zsh') return zsh(table)
  if (shell === 'fish') return fish(table)
  throw cliErrors.UNKNOWN_SHELL({ shell })
}

interface Entry {
  /** `slapos node`, `slapos node format`... */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly Flag[]
}

interface Flag {
  /** `--json` */
  readonly long: string
  readonly description: string
  readonly takesValue: boolean
  /** The words that it takes, when only some are allowed. */
  readonly choices: readonly string[]
}

const HELP: Flag = { long: '--help', description: 'show how it is used', takesValue: false, choices: [] }

function flatten(command: Command, path: string): Entry[] {
  const children = command.commands.filter((child) => !child.name().startsWith('_'))
  const own: Entry = {
    path,
    commands: children.map((child) => ({ name: child.name(), description: child.description() })),
    options: [...command.options.filter((option) => !option.hidden).flatMap(flag), HELP],
  }
  return [own, ...children.flatMap((child) => flatten(child, `${path} ${child.name()}`))]
}

function flag(option: Option): Flag[] {
  if (!option.long) return []
  const takesValue = option.required || option.optional
  return [{ long: option.long, description: option.description, takesValue, choices: option.argChoices ?? [] }]
}

const words = ({ commands, options }: Entry) =>
  [...commands.map(({ name }) => name), ...options.map(({ long }) => long)].join(' ')

/** `path` walks down the commands that were typed; the value of an option is not taken for one of them. */
const walk = (table: readonly Entry[], typed: string): readonly string[] => [
  '  local path=slapos previous="" word',
  `  for word in ${typed}; do`,
  '    case "$previous $word" in',
  `      ${valued(table)}) ;;`,
  '      *) case "$path $word" in',
  ...table.slice(1).map(({ path }) => `        '${path}') path='${path}' ;;`),
  '      esac ;;',
  '    esac',
  '    previous=$word',
  '  done',
]

/** Pattern of `--option value`, for options that take one. */
const valued = (table: readonly Entry[]): string =>
  [...new Set(table.flatMap(({ options }) => options.filter(({ takesValue }) => takesValue).map(({ long }) => long)))]
    .map((long) => `'${long} '*`)
    .join('|')

function bash(table: readonly Entry[]): string {
  return [
    '_slapos() {',
    ...walk(table, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"'),
    '  local words=""',
    '  case "$path $previous" in',
    ...choices(table).map(([path, long, allowed]) => `    '${path} ${long}') words='${allowed.join(' ')}' ;;`),
    `    *\\ -*) case "$previous " in ${valued(table)}) return ;; esac ;;`,
    '  esac',
    '  [ -n "$words" ] || case "$path" in',
    ...table.map((entry) => `    '${entry.path}') words='${words(entry)}' ;;`),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _slapos slapos',
    '',
  ].join('\n')
}

function zsh(table: readonly Entry[]): string {
  const described = (name: string, description: string) => quote(`${name.replaceAll(':', '\\:')}:${description}`)
  return [
    '#compdef slapos',
    '_slapos() {',
    ...walk(table, '"${(@)words[2,CURRENT-1]}"'),
    '  local -a commands options',
    '  case "$path $previous" in',
    ...choices(table).map(
      ([path, long, allowed]) => `    '${path} ${long}') compadd -- ${allowed.join(' ')}; return ;;`,
    ),
    `    *\\ -*) case "$previous " in ${valued(table)}) _files; return ;; esac ;;`,
    '  esac',
    '  case "$path" in',
    ...table.flatMap(({ path, commands, options }) => [
      `    '${path}')`,
      `      commands=(${commands.map(({ name, description }) => described(name, description)).join(' ')})`,
      `      options=(${options.map(({ long, description }) => described(long, description)).join(' ')}) ;;`,
    ]),
    '  esac',
    '  if [[ $words[CURRENT] == -* ]]; then _describe option options; return; fi',
    '  if (( $#commands )); then _describe command commands; else _files; fi',
    '}',
    '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }',
    'compdef _slapos slapos',
    '',
  ].join('\n')
}

function fish(table: readonly Entry[]): string {
  const lines = table.flatMap(({ path, commands, options }) => {
    const at = `complete -c slapos -n '__slapos_at ${path}'`
    return [
      ...(commands.length > 0 ? [`${at} -f`] : []),
      ...commands.map(({ name, description }) => `${at} -a ${name} -d ${quote(description)}`),
      ...options.map(({ long, description, takesValue, choices }) =>
        [
          `${at} -l ${long.slice(2)} -d ${quote(description)}`,
          ...(takesValue ? [choices.length > 0 ? `-x -a '${choices.join(' ')}'` : '-r'] : []),
        ].join(' '),
      ),
    ]
  })
  const paths = table.slice(1).map(({ path }) => `'${path}'`)
  const taking = [...new Set(table.flatMap(({ options }) => options.filter((o) => o.takesValue).map((o) => o.long)))]
  return `${[
    'function __slapos_at',
    '  set -l path slapos',
    '  set -l previous ""',
    '  for word in (commandline -opc)[2..]',
    `    if not contains -- "$previous" ${taking.join(' ')}; and contains -- "$path $word" ${paths.join(' ')}`,
    '      set path "$path $word"',
    '    end',
    '    set previous $word',
    '  end',
    '  test "$path" = "$argv"',
    'end',
    ...lines,
  ].join('\n')}\n`
}

function choices(
  table: readonly Entry[],
): readonly (readonly [path: string, long: string, allowed: readonly string[]])[] {
  return table.flatMap(({ path, options }) =>
    options.filter((option) => option.choices.length > 0).map((option) => [path, option.long, option.choices] as const),
  )
}

/** A word of any of the three shells. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { processIo } from '../packages/cli/src/io.ts'
import { buildProgram } from '../packages/cli/src/program.ts'

const root = join(import.meta.dirname, '..')
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith('.md'))
  .map((page) => [page, readFileSync(join(root, page), 'utf8')] as const)

type Command = ReturnType<typeof buildProgram>
const program = buildProgram(processIo, () => {})

/** What is wrong with the words after `slapos`; undefined: there is such a command, with such options. */
function problemOf(words: readonly string[]): string | undefined {
  let command: Command = program
  let depth = 0
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word))
    if (next === undefined) break
    command = next
    depth += 1
  }
  const rest = words.slice(depth)
  const [first] = rest
  // `slapos node ...` stands for all of them.
  if (first === '...' || first === '…') return undefined
  if (command.commands.length > 0 && first !== undefined && !first.startsWith('-')) return `no command ${first}`
  for (const word of rest) {
    const name = /^--?[a-z][\w-]*/i.exec(word)?.[0]
    if (name === undefined) continue
    const known = [command, program]
      .flatMap((each) => each.options)
      .some(({ short, long }) => short === name || long === name)
    if (!known && !['--help', '-h', '--version'].includes(name)) return `no option ${name}`
  }
  return undefined
}

/** Commands of a page: whole lines of blocks, and what stands between backquotes. */
function* commandsOf(text: string): Generator<string> {
  const blocks = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.split('\n'))
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
  for (const code of [...blocks, ...inline]) {
    for (const part of code.split(/\s*(?:&&|\|\|?|;)\s*/)) {
      const found = /^(?:[$#] )?(?:[A-Z_]+=\S* )*(?:sudo |setsid -f )*slapos (\S.*)$/.exec(part.trim())
      if (found?.[1]) yield found[1].replace(/\s#.*$/, '')
    }
  }
}

test('every command that the documentation names exists, with the options that it names', () => {
  let count = 0
  const wrong: string[] = []
  for (const [page, text] of pages) {
    for (const command of commandsOf(text)) {
      count += 1
      const problem = problemOf(command.trim().split(/\s+/))
      if (problem !== undefined) wrong.push(`${page}: slapos ${command}: ${problem}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(count > 50, `only ${count} were found`)
})

test('the guide for administrators names every command and every limit of the Master', async () => {
  const guide = readFileSync(join(root, 'docs/operate.md'), 'utf8')
  const master = program.commands.find((command) => command.name() === 'master')
  for (const { name, commands } of master?.commands.map((each) => ({ name: each.name(), commands: each.commands })) ??
    []) {
    if (name === 'help') continue
    const all = commands.filter((each) => each.name() !== 'help').map((each) => `${name} ${each.name()}`)
    for (const each of all.length > 0 ? all : [name]) assert.ok(guide.includes(`slapos master ${each}`), each)
  }
  const { LIMITS } = await import('../packages/master/src/domain/limits.ts')
  for (const [limit, value] of Object.entries(LIMITS)) {
    const shown = value.toString().replaceAll(/\B(?=(\d{3})+$)/g, ' ')
    assert.match(guide, new RegExp(`\\| \`${limit}\` \\| ${shown} \\|`))
  }
})

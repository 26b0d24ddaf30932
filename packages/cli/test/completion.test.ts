/** The completion scripts, asked in the shells themselves. Shells that this machine lacks are skipped. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runSlapos } from '../src/testing.ts'

let directory: string
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'slapos-completion-'))
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, out } = await runSlapos(['completion', shell])
    assert.equal(code, 0)
    writeFileSync(join(directory, shell), out)
  }
})
after(() => rmSync(directory, { recursive: true, force: true }))

/** What Tab offers after `line`. */
type Ask = (line: string) => readonly string[]

const run = (program: string, words: readonly string[], input = ''): readonly string[] => {
  const { stdout, stderr, status } = spawnSync(program, words, { encoding: 'utf8', input, cwd: directory })
  assert.deepEqual([status, stderr], [0, ''])
  return stdout.split('\n').filter(Boolean)
}

const bash: Ask = (line) =>
  run('bash', [
    '--norc',
    '-c',
    'source ./bash; read -ra COMP_WORDS <<< "$1"; [[ $1 == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _slapos; printf "%s\\n" "${COMPREPLY[@]}"',
    'bash',
    line,
  ])

const fish: Ask = (line) =>
  run('fish', ['--no-config', '-c', 'source ./fish; complete -C"$argv[1]"', line]).map(
    (entry) => entry.split('\t')[0] ?? '',
  )

/** The completion system of zsh works in its line editor only: here its three functions say what they are given. */
const zsh: Ask = (line) =>
  run('zsh', [
    '-f',
    '-c',
    `compdef() {}
     _files() { print -- FILES }
     compadd() { shift; print -l -- "$@" }
     _describe() { local entry; for entry in "\${(@P)2}"; do print -- "\${entry%%:*}"; done }
     source ./zsh
     words=(\${(z)1}); [[ $1 == *" " ]] && words+=("")
     CURRENT=$#words
     _slapos | while read -r offer; do [[ $offer == FILES || $offer == \${words[CURRENT]}* ]] && print -- $offer; done; true`,
    'zsh',
    line,
  ])

for (const [name, ask] of Object.entries({ bash, zsh, fish })) {
  const missing = spawnSync(name, ['--version']).error !== undefined
  test(`${name} completes commands, options and their values, each group its own`, { skip: missing }, () => {
    assert.deepEqual(sorted(ask('slapos se')), ['service'])
    assert.deepEqual(sorted(ask('slapos service ')).filter(isWord), ['info', 'list'])
    assert.deepEqual(sorted(ask('slapos computer ')).filter(isWord), ['info', 'list', 'token'])
    assert.deepEqual(sorted(ask('slapos master user ')).filter(isWord), ['add', 'list', 'passwd'])
    assert.ok(ask('slapos --quiet node ').includes('format'))
    assert.deepEqual(sorted(ask('slapos service list --j')), ['--json'])
    assert.deepEqual(sorted(ask('slapos computer token --ho')), ['--hours'])
    assert.deepEqual(sorted(ask('slapos service list --ho')), [], 'an option of another command is not offered')
    assert.deepEqual(sorted(ask('slapos request a b --state s')), ['started', 'stopped'])
    assert.deepEqual(sorted(ask('slapos request --type node --par')), ['--parameters', '--parameters-file'])
    for (const word of ask('slapos ')) assert.doesNotMatch(word, /^_/)
  })
}

const isWord = (word: string) => !word.startsWith('-')
const sorted = (words: readonly string[]) => [...words].sort()

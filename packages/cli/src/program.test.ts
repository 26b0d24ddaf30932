import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildProgram } from './program.ts'
import { recorder, runSlapos } from './testing.ts'

test('wrong command lines are refused in one line that helps', async () => {
  const cases: readonly (readonly [words: string, said: RegExp])[] = [
    ['nodee', /^slapos: there is no command 'slapos nodee'\. Did you mean 'slapos node'\? 'slapos --help' lists/],
    ['frobnicate', /^slapos: there is no command 'slapos frobnicate'\. 'slapos --help' lists/],
    ['service lst', /there is no command 'slapos service lst'\. Did you mean 'slapos service list'\?/],
    ['node foo', /there is no command 'slapos node foo'\. 'slapos node --help' lists/],
    ['master user ad', /Did you mean 'slapos master user add'\?/],
    ['--jsn', /unknown option '--jsn'\. 'slapos --help' lists the options\./],
    ['service list --jsno', /unknown option '--jsno'\. Did you mean --json\? 'slapos service list --help'/],
    ['request', /missing required argument 'reference'\. Usage: slapos request \[options\] <reference> <software_url>/],
    ['supply a b c', /too many arguments for 'supply'\. Expected 2 arguments but got 3\. Usage: slapos supply/],
    ['request a b --force-serialisation yaml', /argument 'yaml' is invalid\. Allowed choices are xml, json-in-xml\. /],
    ['request a b --parameters x=1 --parameters-file f', /cannot be used with option/],
    ['node tail x --bytes zz', /argument 'zz' is invalid\. Expected a whole number from 1\. /],
    ['computer token --hours -3', /Expected a whole number from 1 to 720/],
    ['up --api-port 70000', /Expected a whole number from 1 to 65535/],
    [
      'request a b --state running',
      /argument 'running' is invalid\. Allowed choices are started, stopped, destroyed\. /,
    ],
    ['request a b --parameters foo', /--parameters expects key=value, got 'foo'\. Write it as key=value/],
    ['request a b --parameters a=1 a=2', /--parameters gives 'a' twice/],
    ['master token create ada --for credential', /Allowed choices are computer, person, invitation\. /],
    ['completion tcsh', /no completion for shell 'tcsh'\. Use bash, zsh or fish\./],
    ['node status --cfg', /option '--cfg <file>' argument missing/],
  ]
  for (const [words, said] of cases) {
    const { code, out, err } = await slapos(words)
    assert.equal(code, 5, words)
    assert.equal(out, '', words)
    assert.match(err, said)
    assert.match(err, /^slapos: .*\n$/, 'one line')
    assert.doesNotMatch(err, /\.\. |\?\. /)
  }
})

test('a group that is named alone shows what it has, on the standard output', async () => {
  for (const group of ['', 'service', 'computer', 'configure', 'master', 'master user', 'release']) {
    const { code, out, err } = await slapos(group)
    assert.deepEqual([code, err], [0, ''], group)
    assert.match(out, new RegExp(`^Usage: slapos ${group}`))
    assert.equal(out, (await slapos(`${group} --help`.trim())).out)
  }
})

test('every command has help that fits the terminal, and takes -v and -q before and after its name', async () => {
  const program = buildProgram(recorder().io, () => {})
  const paths = ['']
  for (const path of paths) {
    const command = path
      .split(' ')
      .reduce((at, name) => at.commands.find((child) => child.name() === name) ?? at, program)
    paths.push(...command.commands.map((child) => `${path} ${child.name()}`.trim()))
    const { code, out } = await slapos(`-q ${path} --help`)
    assert.equal(code, 0, path)
    assert.match(out, /-v, --verbose/, path)
    for (const line of out.split('\n').slice(2)) assert.ok(line.length <= 80, `${path}: ${line}`)
  }
  assert.ok(paths.length > 30)
})

test('the top-level help is what it was, in groups', async () => {
  const golden = await readFile(join(import.meta.dirname, 'golden/help.golden'), 'utf8')
  assert.equal((await slapos('--help')).out, golden)
})

test('--version says what runs', async () => {
  assert.match((await slapos('--version')).out, /^slapos \d+\.\d+\.\d+\n$/)
})

const slapos = (words: string) => runSlapos(words.split(' ').filter(Boolean))

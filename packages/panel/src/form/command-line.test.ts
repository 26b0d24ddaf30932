import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { requestCommand, supplyCommand } from './command-line.ts'

const asked = {
  ...{ title: "it's mine", releaseUrl: 'https://a.example/x;y', softwareType: 'custom', shared: true },
  ...{ filter: { computer_guid: 'COMP-1' }, parameters: { _: '{\n  "a": "$HOME `x` \\\\"\n}' }, state: 'stopped' },
} as const

test('a shell reads the words of a command as they were meant', () => {
  const words = execFileSync('sh', ['-c', `slapos() { printf '%s\\n' "$@"; }\n${requestCommand(asked)}`], {
    encoding: 'utf8',
  })
  assert.deepEqual(words.trimEnd().split('\n'), [
    ...['request', "it's mine", 'https://a.example/x;y', '--type', 'custom', '--slave', '--state', 'stopped'],
    ...['--node', 'computer_guid=COMP-1', '--parameters', '_={"a":"$HOME `x` \\\\"}'],
  ])
})

test('what goes without saying is not said', () => {
  const simple = { ...asked, title: 'web', releaseUrl: 'u', softwareType: 'RootSoftwareInstance', shared: false }
  assert.equal(requestCommand({ ...simple, filter: {}, parameters: {}, state: 'started' }), 'slapos request web u')
  assert.equal(supplyCommand('u', 'COMP-0'), 'slapos supply u COMP-0')
})

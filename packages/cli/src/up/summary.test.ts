import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkout } from './checkout.ts'
import { commandFor, formatSummary } from './summary.ts'

test('the summary is what a person needs to begin', () => {
  const text = formatSummary({
    panel: 'http://127.0.0.1:5480/',
    user: 'admin',
    password: 'secret',
    masterUrl: 'https://127.0.0.1:5443/',
    command: 'node_modules/.bin/slapos',
    service: { title: 'hello', url: 'http://127.44.145.2:8080/' },
    keepServices: false,
  })
  assert.equal(
    text,
    `
  Panel          http://127.0.0.1:5480/
  User           admin
  Password       secret
  Master API     https://127.0.0.1:5443/
  Service hello  http://127.44.145.2:8080/
  In a shell     node_modules/.bin/slapos service list

  Ctrl-C stops everything; --keep-services leaves services running.
`,
  )
})

test('the command can be typed where one is, and names a cloud that is elsewhere', () => {
  const home = join(checkout, 'var')
  assert.equal(commandFor(home, checkout), 'node_modules/.bin/slapos')
  assert.equal(commandFor(home, dirname(checkout)), `${checkout.split('/').at(-1)}/node_modules/.bin/slapos`)
  assert.equal(commandFor(home, '/usr'), join(checkout, 'node_modules/.bin/slapos'))
  assert.equal(commandFor('/srv/cloud', checkout), 'SLAPOS_HOME=/srv/cloud node_modules/.bin/slapos')
})

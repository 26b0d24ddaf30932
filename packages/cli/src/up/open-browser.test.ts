import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openInBrowser } from './open-browser.ts'

test('the panel is opened for who sits before a desktop, and for nobody else', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-browser-'))
  t.after(() => rm(directory, { recursive: true }))
  const opened = join(directory, 'opened')
  execFileSync('mkfifo', [opened])
  await writeFile(join(directory, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > '${opened}'\n`)
  await chmod(join(directory, 'xdg-open'), 0o755)
  const desktop = { PATH: `${directory}:/usr/bin:/bin`, DISPLAY: ':0' }
  for (const [terminal, environment] of [
    [false, desktop],
    [true, { PATH: desktop.PATH }],
    [true, { ...desktop, SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }],
    [true, { ...desktop, CI: 'true' }],
    [true, { PATH: '/nowhere', DISPLAY: ':0' }],
  ] as const) {
    openInBrowser({ terminal, environment }, 'never ')
  }
  openInBrowser({ terminal: true, environment: desktop }, 'http://127.0.0.1:5480/')
  // Ends when nobody has it open for writing any more.
  assert.equal(await readFile(opened, 'utf8'), 'http://127.0.0.1:5480/')
})

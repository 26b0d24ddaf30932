/** The set-up that `npm start` and `npm test` begin with, in a checkout of a few empty files. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'

const isRoot = process.getuid?.() === 0
const NOBODY = 65_534
let checkout: string

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'slapos-setup-'))
  chmodSync(checkout, 0o755)
  for (const folder of ['scripts', 'bin', 'packages/panel', 'packages/any'])
    mkdirSync(join(checkout, folder), { recursive: true })
  copyFileSync(join(import.meta.dirname, 'setup'), join(checkout, 'scripts/setup'))
  for (const file of ['package.json', 'package-lock.json', 'packages/any/package.json'])
    writeFileSync(join(checkout, file), '{}')
  writeFileSync(join(checkout, 'packages/panel/build'), 'exit 0\n')
  npm('mkdir -p node_modules; echo installed >> npm.log')
})
afterEach(() => rmSync(checkout, { recursive: true, force: true }))

/** What `npm ci` does here. */
function npm(script: string): void {
  writeFileSync(join(checkout, 'bin/npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

/** `wrap`: a command that runs it, before its words. */
function setup(purpose = 'start', wrap: readonly string[] = [], uid?: number) {
  const [program = 'sh', ...words] = [...wrap, 'sh', join(checkout, 'scripts/setup'), purpose]
  const environment = { ...process.env, PATH: `${join(checkout, 'bin')}:${process.env['PATH']}` }
  const { status, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    env: environment,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  return { status, out: stdout, err: stderr }
}

const installs = () =>
  existsSync(join(checkout, 'npm.log')) ? readFileSync(join(checkout, 'npm.log'), 'utf8').split('\n').length - 1 : 0

test('npm packages are installed once for each lockfile, and nothing is said or done when nothing changed', () => {
  assert.deepEqual(setup(), { status: 0, out: 'setup: npm packages (once per lockfile)\n', err: '' })
  const begun = performance.now()
  assert.deepEqual(setup(), { status: 0, out: '', err: '' })
  assert.ok(performance.now() - begun < 3000)
  writeFileSync(join(checkout, 'package-lock.json'), '{"other":true}')
  assert.equal(setup().status, 0)
  assert.equal(installs(), 2)
})

test('an installation that failed says so in one line and is done again', () => {
  npm('exit 1')
  const failed = setup()
  assert.equal(failed.status, 1)
  assert.match(failed.err, /^slapos: npm ci failed, see above\. Check the network and run it again\.\n$/)
  npm('mkdir -p node_modules; echo installed >> npm.log')
  assert.equal(setup().status, 0)
  assert.equal(installs(), 1)
})

test('a checkout that cannot be written is one clear line, and npm is not tried', { skip: !isRoot }, () => {
  const { status, err } = setup('start', [], NOBODY)
  assert.equal(status, 1)
  assert.match(
    err,
    /^slapos: \S+ cannot be written by nobody, so nothing can be installed there\. Run this as its owner, .*\n$/,
  )
  assert.equal(installs(), 0)
})

test('missing Debian packages are one command to run for whoever is not root', { skip: !isRoot }, () => {
  assert.equal(setup().status, 0)
  // In a mount namespace of its own, that package is not there.
  const hide = 'mount -t tmpfs none /usr/share/postgresql-common && exec setpriv --reuid nobody --clear-groups "$@"'
  const { status, out, err } = setup('test', ['unshare', '--mount', 'sh', '-c', hide, 'sh'])
  assert.deepEqual([status, out], [1, ''])
  assert.equal(err, 'slapos: needed Debian packages are missing. Run: sudo apt-get install -y postgresql\n')
})

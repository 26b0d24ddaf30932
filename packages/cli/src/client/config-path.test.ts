import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findClientConfig } from './config-path.ts'

const withCloud = (use: (home: string, config: string) => void): void => {
  const home = mkdtempSync(join(tmpdir(), 'client-config-'))
  try {
    mkdirSync(join(home, 'client'))
    writeFileSync(join(home, 'client/slapos-client.cfg'), '')
    use(home, join(home, 'client/slapos-client.cfg'))
  } finally {
    rmSync(home, { recursive: true })
  }
}

test('the configuration that is named is read, whatever cloud is on this machine', () =>
  withCloud((home) => {
    assert.equal(findClientConfig('/a.cfg', { SLAPOS_HOME: home }), '/a.cfg')
    assert.equal(findClientConfig(undefined, { SLAPOS_CLIENT_CONFIGURATION: '/b.cfg', SLAPOS_HOME: home }), '/b.cfg')
  }))

test('a command finds the cloud that SLAPOS_HOME names', () =>
  withCloud((home, config) => assert.equal(findClientConfig(undefined, { SLAPOS_HOME: home }), config)))

test('where there is none, the person’s own file is named', () =>
  assert.equal(
    findClientConfig(undefined, { SLAPOS_HOME: '/nonexistent' }),
    join(homedir(), '.slapos/slapos-client.cfg'),
  ))

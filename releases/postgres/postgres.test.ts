import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { createBuilder } from '@slapos/node/software/index.ts'
import { checkRelease, type InstancePlan } from '@slapos/release'
import { createHarness, type Harness } from '@slapos/release/harness.ts'

test('the release is valid and publishes a connection URL', async () => {
  const { types } = await checkRelease(import.meta.dirname)
  assert.match(
    String(types[0]?.plan?.publish['url']),
    /^postgresql:\/\/postgres:[A-Za-z0-9]{32}@127\.0\.0\.2:5432\/app$/,
  )
})

test('built from Debian packages, it answers psql, stops fast and keeps its data', async () => {
  const root = await mkdtemp(join(tmpdir(), 'slapos-postgres-'))
  const builder = createBuilder({
    softwareRoot: join(root, 'soft'),
    runtimeRoot: join(root, 'runtime'),
    log: silentLogger,
    localSources: true,
  })
  const build = await builder.build(import.meta.dirname)
  assert.equal(build.kind, 'available', JSON.stringify(build))
  const harness = await createHarness({ release: builder.directory(import.meta.dirname) })
  try {
    const port = await freePort()
    const first = await started(harness, { port })
    psql(first, 'CREATE TABLE t (x int); INSERT INTO t VALUES (42)')
    await harness.service('postgres').stop()
    assert.match(harness.service('postgres').output(), /database system is shut down/)
    const second = await started(harness, { port, 'max-connections': 50, database: 'other' })
    assert.equal(psql(second, 'SHOW max_connections'), '50')
    const third = await started(harness, { port })
    assert.equal(psql(third, 'SELECT x FROM t'), '42')
  } finally {
    await harness.close()
    await builder.remove(import.meta.dirname)
    await builder.close()
    await rm(root, { recursive: true, force: true })
  }
})

async function started(harness: Harness, parameters: object): Promise<InstancePlan> {
  const plan = await harness.apply(parameters)
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      await harness.check(plan, 'postgres-answers')
      return plan
    } catch (error) {
      if (Date.now() > deadline) throw new Error(harness.service('postgres').output(), { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function psql(plan: InstancePlan, sql: string): string {
  return execFileSync('psql', [String(plan.publish['url']), '-qAtc', sql], { encoding: 'utf8' }).trim()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

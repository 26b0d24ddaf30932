import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { checkRelease, type InstancePlan } from '@slapos/release'
import { createHarness, type Harness } from '@slapos/release/harness.ts'

test('the release is valid and publishes a connection URL', async () => {
  const { types } = await checkRelease(import.meta.dirname)
  assert.match(
    String(types[0]?.plan?.publish['url']),
    /^postgresql:\/\/postgres:[A-Za-z0-9]{32}@127\.0\.0\.2:5432\/app$/,
  )
})

/** A build fetches from Debian's mirror, so it is made beforehand and named here. */
const built = process.env['SLAPOS_BUILT_POSTGRES']

test('answers psql, stops fast, keeps its data', {
  skip: built ? false : 'SLAPOS_BUILT_POSTGRES is not set',
}, async () => {
  const harness = await createHarness({ release: built ?? '' })
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

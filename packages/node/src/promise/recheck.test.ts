import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@slapos/base'
import type { PromiseReport } from '@slapos/slap'
import type { ServiceStatus } from '../supervise/supervisor.ts'
import { Recheck } from './recheck.ts'

/** Time that passes when it is told to. */
function steppedClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0
  const sleepers = new Set<{ readonly at: number; wake(): void }>()
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.add({ at: now + ms, wake })),
    async pass(ms) {
      now += ms
      for (const sleeper of sleepers) if (sleeper.at <= now && sleepers.delete(sleeper)) sleeper.wake()
      await setImmediate()
    },
  }
}

const is = (state: ServiceStatus['state']): ServiceStatus => ({
  ...{ partition: 'slappart0', name: 'web', title: 'slappart0:web', kind: 'service', since: 0, restarts: 0 },
  ...{ watch: true, wanted: true },
  state,
})

function scene(ok: boolean) {
  const clock = steppedClock()
  let checks = 0
  const result = {
    partition: 'slappart0',
    name: 'answers',
    ok,
    message: '',
    checked: 0,
    since: 0,
    durationMs: 0,
  } satisfies PromiseReport
  const recheck = new Recheck(
    {
      async checkNow() {
        checks += 1
        return [result]
      },
      results: () => [result],
    },
    clock,
  )
  return { clock, recheck, checks: () => checks }
}

test('the promises of a partition are looked at soon after one of its processes ended', async () => {
  const { clock, recheck, checks } = scene(true)
  recheck.moved({ before: is('RUNNING'), after: is('STOPPED') })
  assert.equal(checks(), 0)
  await clock.pass(700)
  assert.equal(checks(), 1)
})

test('a process that comes up is looked at when something fails, and not otherwise', async () => {
  for (const [ok, expected] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const { clock, recheck, checks } = scene(ok)
    recheck.moved({ before: is('STARTING'), after: is('RUNNING') })
    await clock.pass(700)
    assert.equal(checks(), expected)
  }
})

test('what flaps is looked at rarely, and at its last state', async () => {
  const { clock, recheck, checks } = scene(false)
  for (let ms = 0; ms < 20_000; ms += 100) {
    recheck.moved({ before: is('RUNNING'), after: is('BACKOFF') })
    recheck.moved({ before: is('BACKOFF'), after: is('RUNNING') })
    await clock.pass(100)
  }
  assert.ok(checks() >= 3 && checks() <= 5, `${checks()} checks`)
  await clock.pass(5000)
  const last = checks()
  await clock.pass(60_000)
  assert.equal(checks(), last)
})

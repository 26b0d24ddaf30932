import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatStatus, type StatusLine, uptime } from './format-status.ts'

const now = new Date(2020, 8, 23, 17, 26, 11).getTime()
const up = (title: string, pid: number, seconds: number): StatusLine => ({
  title,
  state: 'RUNNING',
  pid,
  since: now - seconds * 1000,
})

test('the listing of the tutorial', () => {
  const lines = [
    up('watchdog', 19821, 22 * 3600 + 3 * 60 + 17),
    up('slappart9:rejected-slave-publish-3df716aba73e4f0d660c97cd4a62564e-on-watch', 27079, 8280),
    up('slappart8:kedifa-022ff02cd2a2f17a06435e15dcfcc561-on-watch', 28024, 8024),
    { title: 'slappart7:bootstrap-monitor', state: 'EXITED', since: new Date(2020, 8, 23, 15, 8).getTime() },
    up('slappart7:certificate_authority-022ff02cd2a2f17a06435e15dcfcc561-on-watch', 27314, 8231),
    up('slappart7:6tunnel-26011-022ff02cd2a2f17a06435e15dcfcc561-on-watch', 27308, 8231),
  ] as const
  assert.deepEqual(formatStatus(lines, now), [
    'slappart7:6tunnel-26011-022ff02cd2a2f17a06435e15dcfcc561-on-watch            RUNNING   pid 27308, uptime 2:17:11',
    'slappart7:bootstrap-monitor                                                  EXITED    Sep 23 03:08 PM',
    'slappart7:certificate_authority-022ff02cd2a2f17a06435e15dcfcc561-on-watch    RUNNING   pid 27314, uptime 2:17:11',
    'slappart8:kedifa-022ff02cd2a2f17a06435e15dcfcc561-on-watch                   RUNNING   pid 28024, uptime 2:13:44',
    'slappart9:rejected-slave-publish-3df716aba73e4f0d660c97cd4a62564e-on-watch   RUNNING   pid 27079, uptime 2:18:00',
    'watchdog                                                                     RUNNING   pid 19821, uptime 22:03:17',
  ])
})

test('a short listing is 33 columns wide, and every state has its words', () => {
  const at = new Date(2020, 10, 22, 10, 14).getTime()
  assert.deepEqual(
    formatStatus(
      [
        { title: 'slappart0:bootstrap-monitor', state: 'EXITED', since: at },
        up('slappart0:frontend_caddy-on-watch', 284, 3),
        { title: 'slappart1:a', state: 'STOPPED', since: 0 },
        { title: 'slappart1:b', state: 'BACKOFF', since: at, exitCode: 1 },
        { title: 'slappart1:c', state: 'FATAL', since: at, exitCode: 127 },
        { title: 'slappart1:d', state: 'STARTING', since: at },
        up('watchdog', 236, 24),
      ],
      now,
    ),
    [
      'slappart0:bootstrap-monitor         EXITED    Nov 22 10:14 AM',
      'slappart0:frontend_caddy-on-watch   RUNNING   pid 284, uptime 0:00:03',
      'slappart1:a                         STOPPED   Not started',
      'slappart1:b                         BACKOFF   unknown error (try "tail slappart1:b")',
      'slappart1:c                         FATAL     spawn error',
      'slappart1:d                         STARTING',
      'watchdog                            RUNNING   pid 236, uptime 0:00:24',
    ],
  )
})

test('uptimes beyond a day', () => {
  assert.equal(uptime((86_400 + 7384) * 1000), '1 day, 2:03:04')
  assert.equal(uptime(2 * 86_400_000), '2 days, 0:00:00')
  assert.equal(uptime(-5), '0:00:00')
})

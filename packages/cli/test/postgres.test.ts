/** PostgreSQL from Debian's packages through the real path, with data that survives. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { kill, makeCloud, postgres, type TestCloud } from './cloud.ts'
import { eventually } from './eventually.ts'

const run = promisify(execFile)
let cloud: TestCloud
let url = ''
before(async () => {
  cloud = await makeCloud()
  await cloud.up('--no-demo')
})
after(() => cloud?.end())

const sql = async (text: string) => (await run('/usr/bin/psql', ['-XtAc', text, url])).stdout.trim()
const kept = () =>
  eventually('the data', async () => (await sql('SELECT v FROM kept')) === 'still here', { seconds: 60 })

test('psql connects with the published URL', async () => {
  await cloud.ok('supply', postgres, 'COMP-0')
  url = await eventually(
    'the URL',
    async () => {
      const { out } = await cloud.slapos('request', 'db', postgres, '--json')
      const value: unknown = out === '' ? undefined : JSON.parse(out).connection.url
      return typeof value === 'string' ? value : undefined
    },
    { seconds: 120 },
  )
  await eventually('an answer', async () => (await sql('SELECT 1')) === '1', { seconds: 60 })
  await sql("CREATE TABLE kept (v text); INSERT INTO kept VALUES ('still here')")
})

test('the data survives an update of a parameter', async () => {
  await cloud.ok('request', 'db', postgres, '--parameters', 'max-connections=33')
  await eventually('the update', async () => (await sql('SHOW max_connections')) === '33')
  await kept()
})

test('the data survives stop and start', async () => {
  const words = ['request', 'db', postgres, '--parameters', 'max-connections=33']
  await cloud.ok(...words, '--state', 'stopped')
  await eventually('stopped', () =>
    sql('SELECT 1').then(
      () => false,
      () => true,
    ),
  )
  await cloud.ok(...words)
  await kept()
})

test('the data survives kill -9 of everything', async () => {
  for (const { pid, line } of await cloud.processes()) if (!/ up --home /.test(line)) kill(pid)
  await kept()
  assert.match(await eventually('the node', () => cloud.ok('node', 'status')), /postgres\S* +RUNNING/)
})

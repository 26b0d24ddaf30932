import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parseS6Status } from './s6-status.ts'
import { type Bench, eventually, openBench, service } from './testing.ts'

let bench: Bench
before(async () => {
  bench = await openBench()
})
after(() => bench.end())

test('the status file says what s6-svstat says', async () => {
  await bench.supervisor.apply('slappart0', [service('a', 'exec sleep 1000')])
  const directory = join(bench.directory, 'services/slappart0:a')
  const read = () => parseS6Status(readFileSync(join(directory, 'supervise/status')))
  const svstat = (fields: string) =>
    execFileSync('s6-svstat', ['-o', fields, directory], { encoding: 'utf8' }).trim().split(' ')
  const up = read()
  const [pid, wanted, seconds] = svstat('pid,wantedup,updownfor')
  assert.equal(String(up?.pid), pid)
  assert.equal(String(up?.wantedUp), wanted)
  assert.ok(Math.abs(Date.now() - (up?.since ?? 0) - Number(seconds) * 1000) < 2000)
  await bench.supervisor.control('stop', 'slappart0:a')
  await eventually('down', () => read()?.pid === 0)
  assert.deepEqual(svstat('pid,wantedup'), ['-1', 'false'])
  assert.equal(read()?.wantedUp, false)
})

test('both known sizes are read, others are not', () => {
  const file = Buffer.alloc(43)
  file.writeUInt32BE(0x40000000, 0)
  file.writeUInt32BE(1_000_037, 4)
  file.writeUInt32BE(500_000_000, 8)
  file.writeUInt32BE(77, 28)
  file[42] = 4 | 2
  assert.deepEqual(parseS6Status(file), { pid: 77, finishing: true, wantedUp: true, since: 1_000_000_500 })
  assert.equal(parseS6Status(Buffer.alloc(40)), undefined)
})

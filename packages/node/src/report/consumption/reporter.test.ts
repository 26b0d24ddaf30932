import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Clock, silentLogger, systemClock } from '@slapos/base'
import { readConsumption } from '@slapos/slap'
import { applyFileOperations } from '../../host/local-files.ts'
import type { Outcome } from '../../link/outcome.ts'
import { ConsumptionReporter } from './reporter.ts'

const movement = (resource: string, quantity: number) =>
  `<movement><resource>${resource}</resource><title>t</title><reference>another</reference><quantity>${quantity}</quantity><price>0.0</price><VAT>None</VAT><category>None</category></movement>`
const report = (...movements: readonly string[]) => `<consumption>${movements.join('')}</consumption>`
const DAY = Date.parse('2026-11-21T10:00:00Z')

describe('usage reports', () => {
  let root = ''
  let now = DAY
  let answer: Outcome<void>
  let sent: string[] = []
  const complaints: string[] = []
  const clock: Clock = { ...systemClock, now: () => now }
  const partitions = ['slappart0', 'slappart1']
  const xml = (partition: string) => join(root, partition, 'var/xml_report')

  const reporter = () =>
    new ConsumptionReporter({
      directory: join(root, 'state'),
      computerId: 'COMP-7',
      nameOf: (partition) => partition.replace('part', 'user'),
      partitions: () => partitions,
      host: {
        directory: (partition) => join(root, partition),
        runAs: async () => ({ kind: 'self' }),
        files: (partition, operations) => applyFileOperations(join(root, partition), operations),
      },
      userNamespaces: false,
      clock,
      logger: { ...silentLogger, warning: (message) => complaints.push(message) },
      link: () => ({
        consumption: async (document) => {
          if (answer.kind === 'ok') sent.push(document)
          return answer
        },
      }),
    })

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'usage-'))
  })
  beforeEach(async () => {
    now = DAY
    answer = { kind: 'ok', value: undefined }
    sent = []
    complaints.length = 0
    await rm(join(root, 'state'), { recursive: true, force: true })
    for (const partition of partitions) {
      await rm(join(root, partition), { recursive: true, force: true })
      await mkdir(xml(partition), { recursive: true })
    }
  })
  after(() => rm(root, { recursive: true, force: true }))

  const usage = (partition: string, cpu: number, megabytes: number) => ({
    partition,
    at: now,
    cpu,
    memoryBytes: megabytes * 2 ** 20,
    processes: 1,
  })

  it('a day that is over is told once: the node, each partition, its disk; an agent that took over knows the day', async () => {
    await writeFile(join(root, 'slappart0/data'), Buffer.alloc(3 * 2 ** 20, 1))
    const first = reporter()
    await first.open()
    first.add([usage('', 1, 1000), usage('slappart0', 0.5, 40)])
    first.add([usage('', 1, 3000), usage('slappart0', 0.25, 60)])
    assert.equal((await first.report()).kind, 'ok')
    assert.deepEqual(sent, [], 'the day is not over')
    await first.close()

    const second = reporter()
    await second.open()
    now += 86_400_000
    assert.equal((await second.report()).kind, 'ok')
    const [day] = readConsumption(sent[0] ?? '')
    assert.equal(day?.reference, '2026-11-21-global')
    assert.equal(day?.title, 'Eco Information for COMP-7 ')
    assert.deepEqual([day?.startDate, day?.stopDate], ['2026-11-21 00:00:00', '2026-11-21 23:59:59'])
    const quantity = (reference: string, resource: string) =>
      day?.movements.find((m) => m.reference === reference && m.resource === `service_module/${resource}`)?.quantity
    assert.equal(quantity('COMP-7', 'memory_used'), 2000 * 2 ** 20)
    assert.equal(quantity('slapuser0', 'cpu_load_percent'), 37.5)
    assert.equal(quantity('slapuser0', 'memory_used'), 50)
    assert.ok(Math.abs((quantity('slapuser0', 'disk_used') ?? 0) - 3) < 0.2)
    await second.report()
    await second.close()
    const third = reporter()
    await third.open()
    await third.report()
    assert.equal(sent.length, 1)
  })

  it('what programs of partitions say is merged in their names, told, and removed; nothing else is touched', async () => {
    await writeFile(join(xml('slappart0'), 'a.xml'), report(movement('CPU', 1), movement('CPU', 2)))
    await writeFile(join(xml('slappart1'), 'b.xml'), report(movement('CPU', 3)))
    await writeFile(join(xml('slappart1'), 'wrong.xml'), '<nonsense/>')
    await writeFile(join(root, 'secret.xml'), report(movement('stolen', 9)))
    await symlink(join(root, 'secret.xml'), join(xml('slappart1'), 'link.xml'))
    const one = reporter()
    assert.equal((await one.report()).kind, 'ok')
    await one.report()
    const [merged, ...more] = sent.flatMap((document) => readConsumption(document))
    assert.deepEqual(more, [])
    assert.deepEqual([merged?.title, merged?.reference], ['Resource consumptions', 'COMP-7'])
    assert.equal(merged?.stopDate, '2026-11-21 at 10:00:00')
    assert.deepEqual(
      merged?.movements.map(({ reference, quantity }) => [reference, quantity]),
      [
        ['slappart0', 1],
        ['slappart0', 2],
        ['slappart1', 3],
      ],
    )
    assert.deepEqual(await readdir(xml('slappart0')), [])
    assert.deepEqual((await readdir(xml('slappart1'))).sort(), ['link.xml', 'wrong.xml'])
    assert.equal(complaints.filter((line) => line.includes('wrong.xml')).length, 1, 'told once')
  })

  it('a directory that is a link leads nowhere', async () => {
    await mkdir(join(root, 'elsewhere'), { recursive: true })
    await writeFile(join(root, 'elsewhere/a.xml'), report(movement('CPU', 1)))
    await rm(xml('slappart0'), { recursive: true })
    await symlink(join(root, 'elsewhere'), xml('slappart0'))
    assert.equal((await reporter().report()).kind, 'ok')
    assert.deepEqual(sent, [])
    assert.deepEqual(await readdir(join(root, 'elsewhere')), ['a.xml'])
  })

  it('loses nothing while the Master is away, and one that it refuses delays no other', async () => {
    await writeFile(join(xml('slappart0'), 'a.xml'), report(movement('CPU', 1)))
    const one = reporter()
    answer = { kind: 'unreachable', reason: 'no route' }
    assert.equal((await one.report()).kind, 'unreachable')
    assert.deepEqual(await readdir(xml('slappart0')), [], 'it is kept by the node')
    now += 60_000
    await writeFile(join(xml('slappart0'), 'b.xml'), report(movement('CPU', 2)))
    answer = { kind: 'failed', reason: 'not today', missing: false }
    assert.equal((await one.report()).kind, 'failed')
    answer = { kind: 'ok', value: undefined }
    const another = reporter()
    assert.equal((await another.report()).kind, 'ok')
    assert.deepEqual(
      sent.map((document) => readConsumption(document)[0]?.movements[0]?.quantity),
      [1, 2],
    )
  })
})

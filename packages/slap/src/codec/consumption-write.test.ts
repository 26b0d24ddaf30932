import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readConsumption, readPartitionConsumption } from './consumption.ts'
import { type ReportedTransaction, writeConsumption } from './consumption-write.ts'

const DAILY: ReportedTransaction = {
  title: 'Eco Information for COMP-1 ',
  startDate: '2026-11-21 00:00:00',
  stopDate: '2026-11-21 23:59:59',
  reference: '2026-11-21-global',
  arrow: 'Destination',
  movements: [
    ['cpu_load_percent', 'CPU Load Percent Average', 'COMP-1', 12.5],
    ['memory_used', 'Used Memory', 'COMP-1', 1421117451],
    ['cpu_load_percent', 'CPU Load Percent Average for slapuser0', 'slapuser0', 1.25],
    ['memory_used', 'Memory Used Average for slapuser0', 'slapuser0', 85.2],
    ['disk_used', 'Partition Disk Used Average for slapuser0', 'slapuser0', 38.8],
  ].map(([resource, title, reference, quantity]) => ({
    resource: `service_module/${resource}`,
    title: String(title),
    reference: String(reference),
    quantity: Number(quantity),
  })),
}

test('a day of a node is written as existing nodes write it', async () => {
  const file = new URL('../golden/16-useComputer-node-report.form.json', import.meta.url)
  assert.equal(writeConsumption(DAILY), JSON.parse(await readFile(file, 'utf8')).fields.use_string)
})

test('what is written can be read, whatever the names hold', () => {
  const text = writeConsumption({ ...DAILY, title: 'a <b> & \u0000c', arrow: 'Administration', startDate: '' })
  const [read] = readConsumption(text)
  assert.equal(read?.title, 'a <b> & c')
  assert.equal(read?.movements.length, 5)
})

test('reads what a program of a partition reports, and refuses what is not that', () => {
  const movement =
    '<movement><resource>r</resource><title>t</title><reference>x</reference><quantity>1.5</quantity><price>0.0</price><VAT/></movement>'
  assert.deepEqual(readPartitionConsumption(`<consumption>${movement}${movement}</consumption>`)[1], {
    resource: 'r',
    title: 't',
    reference: 'x',
    quantity: 1.5,
    price: 0,
  })
  for (const text of ['', '<consumption/>', `<journal>${movement}</journal>`, '<consumption>x</consumption>']) {
    assert.throws(() => readPartitionConsumption(text), { code: 'CONSUMPTION_INVALID' })
  }
})

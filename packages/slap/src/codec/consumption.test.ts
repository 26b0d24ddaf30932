import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readConsumption } from './consumption.ts'

const golden = async (name: string): Promise<string> =>
  JSON.parse(await readFile(new URL(`../golden/${name}.form.json`, import.meta.url), 'utf8')).fields.use_string

test('reads the reports of existing nodes', async () => {
  const [daily] = readConsumption(await golden('16-useComputer-node-report'))
  assert.equal(daily?.title, 'Eco Information for COMP-1 ')
  assert.equal(daily?.reference, '2026-11-21-global')
  assert.equal(daily?.movements.length, 5)
  assert.deepEqual(daily?.movements[0], {
    resource: 'service_module/cpu_load_percent',
    reference: 'COMP-1',
    quantity: 12.5,
    price: 0,
  })
  const [partitions] = readConsumption(await golden('17-useComputer-partition-report'))
  assert.deepEqual([partitions?.stopDate, partitions?.startDate], ['2026-11-22 at 10:28:36', ''])
  assert.equal(partitions?.movements[0]?.quantity, 42.42)
})

test('refuses what is not a journal in the prescribed order, and says why', async () => {
  const good = await golden('17-useComputer-partition-report')
  assert.equal(readConsumption(good).length, 1)
  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /empty|root/],
    ['nonsense', /cannot read/],
    ['<journal/>', /<journal> lacks <transaction>/],
    ['<consumption/>', /begins with <consumption>/],
    [good.replace('<?xml version="1.0"?>', '<!DOCTYPE journal [<!ENTITY a "b">]>'), /DOCTYPE/],
    [good.replace('<start_date></start_date>', ''), /<stop_date> where <start_date> is expected/],
    [good.replace('<currency></currency><payment_mode></payment_mode>', '<payment_mode/><currency/>'), /<currency>/],
    [good.replace('<price>0.0</price>', ''), /<price>/],
    [good.replace('42.42', 'many'), /<quantity> is not a number/],
    [good.replace('42.42', ''), /<quantity> is not a number/],
    [good.replace('<title>', '<title/><title>'), /<title>/],
    [good.replace('Sale Packing List', 'Purchase'), /Sale Packing List/],
    [good.replace('arrow type="Administration"', 'arrow'), /lacks the attribute type/],
    [good.replace('<VAT>None</VAT>', '<VAT><b/></VAT>'), /<b> has no place/],
    [good.replace('<currency>', 'text<currency>'), /there is text/],
    [good.replace('</journal>', ''), /unclosed|not closed|journal/],
    [good.replace(/<movement>.*<\/movement>/, ''), /lacks <movement>/],
  ]
  for (const [text, reason] of bad) {
    assert.throws(() => readConsumption(text), { code: 'CONSUMPTION_INVALID', message: reason }, text)
  }
  assert.throws(() => readConsumption(good, { bytes: 100 }), /larger than 100 bytes/)
  assert.throws(() => readConsumption(good, { movements: 0 }), /over 0 movements/)
})

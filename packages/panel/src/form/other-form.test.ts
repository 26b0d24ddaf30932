import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SoftwareForm } from '../api/generated/schema.ts'
import { formLabels, forOtherForm } from './other-form.ts'

const form = (id: string, title: string, more: Partial<SoftwareForm> = {}): SoftwareForm => ({
  ...{ id, title, softwareType: id, description: '', shared: false, serialisation: 'json-in-xml' },
  ...{ request: { properties: { port: { type: 'integer' } } }, response: {}, ...more },
})

test('another type keeps the values, written as that one wants them', () => {
  const [json, xml] = [form('a', 'A'), form('b', 'B', { serialisation: 'xml' })]
  const text = { _: JSON.stringify({ port: 80, list: [1], name: 'x' }) }
  const inXml = { port: '80', list: '[1]', name: 'x' }
  assert.deepEqual(forOtherForm(text, json, xml), inXml)
  assert.deepEqual(JSON.parse(forOtherForm(inXml, xml, json)['_'] ?? ''), { port: 80, list: '[1]', name: 'x' })
  assert.deepEqual(forOtherForm({ _: '{}' }, json, xml), {})
  assert.deepEqual(forOtherForm({ _: '{' }, json, xml), { _: '{' }, 'what cannot be read is not lost')
})

test('forms are told apart', () => {
  const forms = [
    form('a', 'Edge'),
    form('b', 'Edge'),
    form('c', 'Site', { shared: true }),
    form('d', 'X (Slave)', { shared: true }),
  ]
  assert.deepEqual(formLabels(forms, '(slave)'), ['Edge (a)', 'Edge (b)', 'Site (slave)', 'X (Slave)'])
})

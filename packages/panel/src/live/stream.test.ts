import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBlock, toHint } from './stream.ts'

test('an event becomes a hint; comments are not events', () => {
  const hints: unknown[] = []
  const read = (block: string) => parseBlock(block, (kind, data) => hints.push(toHint(kind, data)))
  read(': ping')
  read('id: 1f:7\nevent: instance\ndata: {"kind":"instance","reference":"SOFTINST-3","revision":9}')
  read('event: reset\ndata: {}')
  read('event: odd\ndata: not JSON')
  assert.deepEqual(hints, [
    { kind: 'instance', reference: 'SOFTINST-3' },
    { kind: 'reset', reference: '' },
    { kind: 'odd', reference: '' },
  ])
})

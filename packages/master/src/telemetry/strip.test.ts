import assert from 'node:assert/strict'
import { it } from 'node:test'
import { measuredSpans, spansOf, stripOf } from './strip.ts'

const at = (time: number, state: string) => ({ at: time, state })

it('a strip tells which share of each bar was well, and what is not known', () => {
  const web = spansOf([at(20, 'ok'), at(50, 'failing'), at(60, 'ok')], 100)
  const strip = stripOf(web, 0, 100, 5)
  assert.deepEqual(strip.bars, [null, 1, 0.5, 1, 1])
  assert.equal(strip.share, 70 / 80)
})

it('of several things, one that is ill makes the whole ill, once', () => {
  const spans = [
    ...spansOf([at(-50, 'RUNNING')], 100),
    ...spansOf([at(0, 'ok'), at(40, 'failing'), at(80, 'ok')], 100),
    ...spansOf([at(10, 'failing'), at(60, 'ok')], 100),
  ]
  assert.deepEqual(stripOf(spans, 0, 100, 2).bars, [0.2, 0.4])
})

it('what lasts since before the strip fills it; nothing known is nothing claimed', () => {
  assert.deepEqual(stripOf(spansOf([at(-1000, 'FATAL')], 100), 0, 100, 2), { bars: [0, 0], share: 0 })
  assert.deepEqual(stripOf([], 0, 100, 2), { bars: [null, null], share: null })
})

it('a server was there in each step that it measured; the step that has just begun may still come', () => {
  const spans = measuredSpans(new Set([0, 10, 30]), 10, 5, 45)
  assert.deepEqual(
    spans.map(({ from, to, ill }) => [from, to, ill]),
    [
      [5, 10, false],
      [10, 20, false],
      [20, 30, true],
      [30, 40, false],
    ],
  )
})

it('a server that joined late in a step is not blamed for that one', () => {
  const spans = measuredSpans(new Set([10]), 10, 8, 21)
  assert.deepEqual(
    spans.map(({ from, to, ill }) => [from, to, ill]),
    [[10, 20, false]],
  )
})

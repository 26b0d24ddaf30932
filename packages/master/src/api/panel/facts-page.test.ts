import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsPage } from './facts-page.ts'

const keyOf = ({ ok, name }: { readonly ok: boolean; readonly name: string }) => `${ok ? 1 : 0} ${name}`

test('every fact is on one page, in the order of its key; numbers count as numbers', () => {
  const facts = Array.from({ length: 250 }, (_, index) => ({ ok: index % 50 !== 7, name: `slappart${index}` }))
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = factsPage(facts, keyOf, { limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    assert.equal(page.total, 250)
    assert.ok(page.items.length <= 100)
    seen.push(...page.items.map(({ name }) => name))
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  assert.deepEqual(seen.slice(0, 7), [
    'slappart7',
    'slappart57',
    'slappart107',
    'slappart157',
    'slappart207',
    'slappart0',
    'slappart1',
  ])
  assert.equal(new Set(seen).size, 250)
})

test('a cursor that is none is refused', () => {
  assert.throws(() => factsPage([], keyOf, { cursor: '' }), { code: 'QUERY_REFUSED' })
})

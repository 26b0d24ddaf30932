import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ListPage, orderBy, rowsToAsk, withNewest, withRows } from './pages.ts'

interface Row {
  readonly id: string
  readonly title: string
  readonly server: string
}

const idOf = ({ id }: Row) => id
const byTitle = { idOf, compare: orderBy<Row>('title', { title: ({ title }) => title }, idOf) }
const row = (n: number, title: string, server = 'COMP-1'): Row => ({ id: `S-${n}`, title, server })
const titles = (pages: readonly ListPage<Row>[]) => pages.map(({ items }) => items.map(({ title }) => title).join(''))

/** What the Master has, a page of it, and the rows that were asked for. */
function pagesOf(rows: readonly Row[], size: number, loaded: number): readonly ListPage<Row>[] {
  const sorted = [...rows].sort(byTitle.compare)
  return Array.from({ length: loaded }, (_, index) => ({
    items: sorted.slice(index * size, (index + 1) * size),
    next: (index + 1) * size < sorted.length ? 'cursor' : null,
    total: sorted.length,
  }))
}

test('a changed row changes, a renamed one moves, a gone one goes, a new one comes to its place', () => {
  const pages = pagesOf([row(1, 'b'), row(2, 'd'), row(3, 'f'), row(4, 'h'), row(5, 'z')], 2, 2)
  assert.deepEqual(titles(pages), ['bd', 'fh'])
  const after = (asked: string[], items: Row[]) =>
    titles(withRows(pages, new Set(asked), { items, next: null, total: 9 }, byTitle))
  assert.deepEqual(after(['S-2'], [row(2, 'd', 'COMP-2')]), ['bd', 'fh'])
  assert.deepEqual(after(['S-1'], [row(1, 'g')]), ['d', 'fgh'])
  assert.deepEqual(after(['S-3'], []), ['bd', 'h'])
  assert.deepEqual(after(['S-9'], [row(9, 'e')]), ['bd', 'efh'])
  assert.deepEqual(after(['S-9'], [row(9, 'a')]), ['abd', 'fh'])
  assert.deepEqual(after(['S-9'], [row(9, 'x')]), ['bd', 'fh'], 'it comes with the next page')
  assert.deepEqual(after(['S-4'], [row(4, 'x')]), ['bd', 'f'], 'and so does what moved there')
  assert.equal(withRows(pages, new Set(['S-9']), { items: [], next: null, total: 4 }, byTitle)[0]?.total, 4)
})

test('patched pages hold what pages that are read again would hold', () => {
  const letters = fc.constantFrom(...'abcdefghij')
  fc.assert(
    fc.property(
      fc.array(letters, { maxLength: 12 }),
      fc.array(fc.tuple(fc.nat(14), fc.option(letters)), { maxLength: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      (before, changes, size, loaded) => {
        const rows = new Map(before.map((title, n) => [`S-${n}`, row(n, title)]))
        const pages = pagesOf([...rows.values()], size, loaded)
        const end = pages.at(-1)
        const bottom = end?.next == null ? undefined : end.items.at(-1)
        for (const [n, title] of changes) {
          if (title === null) rows.delete(`S-${n}`)
          else rows.set(`S-${n}`, row(n, title))
        }
        const asked = new Set(changes.map(([n]) => `S-${n}`))
        const items = [...rows.values()].filter(({ id }) => asked.has(id)).sort(byTitle.compare)
        const patched = withRows(pages, asked, { items, next: null, total: rows.size }, byTitle)
        const shown = patched.flatMap((page) => page.items)
        const expected = [...rows.values()]
          .sort(byTitle.compare)
          .filter((each) => bottom === undefined || byTitle.compare(each, bottom) <= 0)
        assert.deepEqual(shown.map(idOf), expected.map(idOf))
      },
    ),
  )
})

test('asked for is what a hint names, or what stands on the server that it names; else nobody knows', () => {
  const pages = pagesOf([row(1, 'a'), row(2, 'b', 'COMP-2')], 5, 1)
  const about = {
    named: ({ services }: { services?: readonly string[] }) => services,
    on: (each: Row, server: string) => each.server === server,
  }
  const ask = (...hints: { kind: string; reference: string; services?: readonly string[] }[]) => {
    const asked = rowsToAsk(hints, pages, about, idOf)
    return asked && [...asked]
  }
  assert.deepEqual(ask({ kind: 'instance', reference: 'SOFTINST-9', services: ['S-9'] }), ['S-9'])
  assert.deepEqual(ask({ kind: 'computer', reference: 'COMP-2' }), ['S-2'])
  assert.deepEqual(ask({ kind: 'telemetry', reference: 'COMP-2', services: [] }), [])
  assert.equal(ask({ kind: 'instance', reference: 'SOFTINST-9' }), undefined)
  const many = Array.from({ length: 101 }, (_, n) => `S-${n}`)
  assert.equal(ask({ kind: 'partition', reference: 'COMP-1/slappart0', services: many }), undefined)
})

test('what is new in a log comes before what is there; too much new, and it is read from its beginning', () => {
  const log = (ids: string[], next: string | null = 'older'): ListPage<{ id: string }> => ({
    items: ids.map((id) => ({ id })),
    ...{ next, total: 9 },
  })
  const newest = (loaded: ListPage<{ id: string }>[], answer: ListPage<{ id: string }>) =>
    withNewest(loaded, answer, ({ id }) => id)?.map(({ items }) => items.map(({ id }) => id).join(''))
  assert.deepEqual(newest([log(['c', 'b']), log(['a'], null)], log(['d', 'c'])), ['dcb', 'a'])
  assert.deepEqual(newest([log([], null)], log(['a'], null)), ['a'])
  assert.equal(newest([log(['c', 'b'])], log(['f', 'e'])), undefined)
})

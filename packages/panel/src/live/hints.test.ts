import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QueryClient } from '@tanstack/react-query'
import { hintReader } from './hints.ts'

/** What a hint of this kind makes stale among these screens, all of them read before. */
function staleAfter(kind: string, ...screens: readonly string[]): Promise<readonly string[]> {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } })
  for (const screen of screens) client.setQueryData([screen, 'x'], {})
  const gathered = new Promise<void>((resolve) => {
    const { invalidateQueries } = client
    client.invalidateQueries = async (...filters) => {
      await invalidateQueries.apply(client, filters)
      resolve()
    }
  })
  hintReader(client)({ kind, reference: 'x' })
  return gathered.then(() => screens.filter((screen) => client.getQueryState([screen, 'x'])?.isInvalidated))
}

describe('hints of the event stream', () => {
  it('a release that is newly listed makes services stale: it may be their upgrade', async () => {
    assert.deepEqual(await staleAfter('catalogue', 'products', 'service', 'servers'), ['products', 'service'])
  })

  it('a change of a server leaves the catalogue alone', async () => {
    assert.deepEqual(await staleAfter('computer', 'products', 'servers'), ['servers'])
  })

  it('a kind that is not known, and a new stream, make everything stale', async () => {
    assert.deepEqual(await staleAfter('reset', 'products', 'me'), ['products', 'me'])
  })
})

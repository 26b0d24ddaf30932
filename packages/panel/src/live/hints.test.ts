import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QueryClient, type QueryKey } from '@tanstack/react-query'
import { hintReader } from './hints.ts'
import type { Hint } from './stream.ts'

/** Which of these screens, all of them read before, a hint makes stale. */
async function staleAfter(hint: Hint, screens: readonly Screen[]): Promise<readonly QueryKey[]> {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } })
  for (const { key, data = {}, age = 0 } of screens) client.setQueryData(key, data, { updatedAt: Date.now() - age })
  const gathered = new Promise<void>((resolve) => {
    const { invalidateQueries } = client
    client.invalidateQueries = async (...filters) => {
      await invalidateQueries.apply(client, filters)
      resolve()
    }
  })
  hintReader(client)(hint)
  await gathered
  return screens.map(({ key }) => key).filter((key) => client.getQueryState(key)?.isInvalidated)
}

interface Screen {
  readonly key: QueryKey
  readonly data?: object
  /** Milliseconds since it was read. */
  readonly age?: number
}

const named = async (kind: string, ...screens: readonly string[]) => {
  const stale = await staleAfter(
    { kind, reference: 'x' },
    screens.map((screen) => ({ key: [screen, 'x'] })),
  )
  return stale.map(([screen]) => screen)
}

describe('hints of the event stream', () => {
  it('a release that is newly listed makes services stale: it may be their upgrade', async () => {
    assert.deepEqual(await named('catalogue', 'products', 'service', 'servers'), ['products', 'service'])
  })

  it('a change of a server leaves the catalogue alone', async () => {
    assert.deepEqual(await named('computer', 'products', 'servers'), ['servers'])
  })

  it('a kind that is not known, and a new stream, make everything stale', async () => {
    assert.deepEqual(await named('reset', 'products', 'me'), ['products', 'me'])
  })

  it('a measurement of a server changes its strip where nothing is known yet, or half a bar later', async () => {
    const of = { server: 'COMP-1' }
    const unknown = { key: ['uptime', of, 1], data: { share: null } }
    const known = { key: ['uptime', of, 2], data: { share: 1 } }
    const old = { key: ['uptime', of, 3], data: { share: 1 }, age: 16 * 60_000 }
    const stale = await staleAfter({ kind: 'usage', reference: 'COMP-1' }, [unknown, known, old])
    assert.deepEqual(stale, [unknown.key, old.key])
  })
})

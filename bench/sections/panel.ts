import { startBenchMaster, type Visitor } from '../lib/master.ts'
import type { Row } from '../lib/table.ts'

export const title = 'Panel: a page of 50 services, and the pages beside it, of 100 and of 10,000 (CPU of the Master)'

const FEW = 100
const MANY = 10_000
const TIMES = 20
const BUDGET_MS = 50

const SORTS = ['title', '-title', 'created', '-created', 'reference', '-reference']
const FILTERS = {
  all: '',
  green: '&color=green',
  red: '&color=red',
  'yellow and grey': '&color=yellow,grey',
  'a server': '&computer=COMP-0',
  'a search that finds all': '&q=service',
  'a search that finds one': '&q=000042',
  'a search that finds nothing': '&q=nonsense',
} as const
const PAGES = {
  'Home page': 'home',
  'Search, many match': 'search?q=service',
  'Search, one matches': 'search?q=000042',
  'Search, nothing matches': 'search?q=nonsense',
  'Servers, first page': 'servers',
  Catalogue: 'products',
  'Activity, first page': 'audit',
  Map: 'topology',
} as const

/** By what is asked, milliseconds of CPU for one answer. */
type Costs = ReadonlyMap<string, number>

export async function run(): Promise<readonly Row[]> {
  await using master = await startBenchMaster()
  await master.services(FEW)
  const visitor = await master.visitor()
  const cost = async (path: string): Promise<number> => {
    await get(visitor, path) // the first one pays for what is kept
    const times = async () => {
      for (let n = 0; n < TIMES; n++) await get(visitor, path)
      return { count: TIMES }
    }
    return (await master.cpuPer(times)).cpu / 1000
  }
  const few = await costs(visitor, cost)
  await master.services(MANY - FEW)
  const many = await costs(visitor, cost)
  return [...many].map(([what, ours]) => ({
    ...{ what, ours, unit: 'ms' },
    peer: { name: `beside ${FEW}`, value: few.get(what) ?? 0 },
    note: ours <= BUDGET_MS ? '' : `budget ${BUDGET_MS} ms MISSED`,
  }))
}

async function costs(visitor: Visitor, cost: (path: string) => Promise<number>): Promise<Costs> {
  const found = new Map<string, number>()
  for (const [filter, query] of Object.entries(FILTERS)) {
    // Of all orders the dearest stands for them.
    let worst = { ms: 0, sort: '' }
    for (const sort of SORTS) {
      const ms = await cost(`services?sort=${sort}${query}`)
      if (ms > worst.ms) worst = { ms, sort }
    }
    found.set(`Services, ${filter}: dearest of ${SORTS.length} orders`, worst.ms)
  }
  found.set('Services, all: far down', await cost(`services?sort=title${await farDown(visitor)}`))
  for (const [what, path] of Object.entries(PAGES)) found.set(what, await cost(path))
  return found
}

/** Where the page after 5,000 services begins, or the last one. */
async function farDown(visitor: Visitor): Promise<string> {
  let last = ''
  for (let page = 0; page < 25; page++) {
    const { next } = await get(visitor, `services?limit=200&sort=title${last}`)
    if (typeof next !== 'string') break
    last = `&cursor=${next}`
  }
  return last
}

async function get({ url, token }: Visitor, path: string): Promise<{ readonly next?: unknown }> {
  const answer = await fetch(new URL(`api/v1/${path}`, url), { headers: { authorization: `Bearer ${token}` } })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return Object(await answer.json())
}

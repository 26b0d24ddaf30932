import { type Indicator, unreachable } from '../../domain/indicator/indicator.ts'
import { fixed } from '../../store/index.ts'
import type { IndicatorContext } from '../indicator-context.ts'
import { type Coloured, installationColours, serverColours, serviceColours } from './colours.ts'
import type { Dirt } from './dirt.ts'
import { everyService, servicesIn, servicesWith } from './services-where.ts'
import { type Colour, Shelf } from './shelf.ts'
import { Tenants } from './tenants.ts'

export type Kind = 'server' | 'installation' | 'service'

/** Something became another colour; undefined: it was not there before, or is not any more. */
export interface Turn {
  readonly kind: Kind
  readonly id: number
  /** Row number of its project. */
  readonly project: number
  readonly before: Colour | undefined
  readonly after: Colour | undefined
}

const BATCH = 250

/** Reads colours: of everything at first, then of what is dirty and of what lives on it. */
export class Survey {
  readonly server = new Shelf()
  readonly installation = new Shelf()
  readonly service = new Shelf()
  readonly tenants = new Tenants()
  #loaded = false
  readonly #context: IndicatorContext
  readonly #tell: (turn: Turn) => void
  readonly #lastOfServer = new Map<number, Indicator>()
  readonly #installationsOf = new Map<number, ReadonlySet<number>>()

  constructor(context: IndicatorContext, tell: (turn: Turn) => void) {
    this.#context = context
    this.#tell = tell
  }

  get loaded(): boolean {
    return this.#loaded
  }

  /** What could not be read leaves the rest as it was: the same dirt can be seen again. */
  async see(dirt: Dirt): Promise<void> {
    if (!this.#loaded) await this.#load()
    const { db } = this.#context
    const services = new Set(dirt.services)
    const installations = new Set(dirt.installations)
    const tenants = new Set(dirt.tenants)
    for (const batch of batches(dirt.servers)) {
      for (const id of await this.#servers(batch)) {
        installations.add(id)
        tenants.add(id)
      }
    }
    for (const batch of batches(installations)) {
      for (const { computer, url } of await this.#installations(batch)) {
        for (const id of await servicesWith(db, computer, url)) services.add(id)
      }
    }
    for (const id of tenants) for (const tree of await servicesIn(db, id)) services.add(tree)
    for (const [id, names] of dirt.partitions) {
      for (const tree of await servicesIn(db, id, [...names])) services.add(tree)
    }
    for (const batch of batches(services)) await this.#services(batch)
  }

  async #load(): Promise<void> {
    const { db } = this.#context
    const rows = await db.selectFrom('computer').select('id').where('live', '=', fixed(1)).execute()
    const servers = rows.map(({ id }) => id)
    for (const batch of batches(servers)) await this.#servers(batch)
    for (const batch of batches(servers)) await this.#installations(batch)
    for await (const batch of everyService(db, BATCH)) await this.#services(batch)
    this.#loaded = true
  }

  /** Answers those that were lost, came back or went away: what lives on them is another colour too. */
  async #servers(ids: readonly number[]): Promise<readonly number[]> {
    const found = await serverColours(this.#context, ids)
    const known = this.#lastOfServer
    const turned = found.flatMap(({ id, indicator }) => {
      const before = known.get(id)
      known.set(id, indicator)
      return before !== undefined && unreachable(before) !== unreachable(indicator) ? [id] : []
    })
    const present = new Set(found.map(({ id }) => id))
    const gone = ids.filter((id) => !present.has(id) && known.delete(id))
    this.#place('server', ids, found)
    return [...turned, ...gone]
  }

  /** Answers the releases that turned. */
  async #installations(computers: readonly number[]) {
    const found = await installationColours(this.#context, computers)
    const before = computers.flatMap((id) => [...(this.#installationsOf.get(id) ?? [])])
    const turned = found.filter(({ id, colour }) => this.installation.get(id) !== colour)
    this.#place('installation', new Set([...before, ...found.map(({ id }) => id)]), found)
    const now = Map.groupBy(found, ({ computer }) => computer)
    for (const id of computers) this.#installationsOf.set(id, new Set(now.get(id)?.map((item) => item.id)))
    return turned
  }

  async #services(ids: readonly number[]): Promise<void> {
    const found = await serviceColours(this.#context, ids)
    const tenants = new Map(found.map((service) => [service.id, service.tenants]))
    for (const id of ids) this.tenants.put(id, tenants.get(id) ?? [])
    this.#place('service', ids, found)
  }

  #place(kind: Kind, asked: Iterable<number>, found: readonly Coloured[]): void {
    const present = new Map(found.map((item) => [item.id, item]))
    for (const id of asked) {
      const item = present.get(id)
      const project = item?.project ?? this[kind].projectOf(id)
      const before = item ? this[kind].put(id, item.project, item.colour) : this[kind].take(id)
      if (!this.#loaded || project === undefined || before === item?.colour) continue
      this.#tell({ kind, id, project, before, after: item?.colour })
    }
  }
}

function* batches(ids: Iterable<number>): Generator<readonly number[]> {
  const all = [...ids]
  for (let start = 0; start < all.length; start += BATCH) yield all.slice(start, start + BATCH)
}

import { idOf } from '../../domain/references.ts'

/** What has to be looked at again, by the numbers of the rows. */
export class Dirt {
  readonly services = new Set<number>()
  readonly servers = new Set<number>()
  /** Servers whose installations are meant. */
  readonly installations = new Set<number>()
  /** Of servers: the services there are meant. */
  readonly tenants = new Set<number>()
  /** By server: the services in these partitions are meant. */
  readonly partitions = new Map<number, Set<string>>()

  get empty(): boolean {
    const { services, servers, installations, tenants, partitions } = this
    return services.size + servers.size + installations.size + tenants.size + partitions.size === 0
  }

  partition(computer: number, partition: string): void {
    const known = this.partitions.get(computer) ?? new Set()
    this.partitions.set(computer, known.add(partition))
  }

  add(other: Dirt): void {
    for (const id of other.services) this.services.add(id)
    for (const id of other.servers) this.servers.add(id)
    for (const id of other.installations) this.installations.add(id)
    for (const id of other.tenants) this.tenants.add(id)
    for (const [id, names] of other.partitions) for (const name of names) this.partition(id, name)
  }

  /** A committed change, by its kind and reference. */
  changed({ kind, reference }: { readonly kind: string; readonly reference: string }): void {
    if (kind === 'service') mark(this.services, idOf('tree', reference))
    if (kind === 'computer') mark(this.servers, idOf('computer', reference))
    // `COMP-1/URL`
    if (kind === 'installation') mark(this.installations, idOf('computer', reference.split('/', 1)[0] ?? ''))
  }

  /** What a node told of itself, or its silence. */
  reported(computer: string, partitions: readonly string[]): void {
    const id = idOf('computer', computer)
    if (id === undefined) return
    this.servers.add(id)
    for (const name of partitions) if (name !== '') this.partition(id, name)
  }
}

function mark(set: Set<number>, id: number | undefined): void {
  if (id !== undefined) set.add(id)
}

import type {
  ComputerDocument,
  FormattedComputer,
  InstanceRequest,
  IpEntry,
  OccupantDocument,
  PartitionDocument,
  ReleaseState,
  RequestedInstance,
  SlaveDocument,
  TextDictionary,
} from '@slapos/slap'

/** What `slapos proxy` would keep in its database. */
export class ProxyState {
  readonly computerId: string
  readonly #partitions = new Map<string, { ipList: readonly IpEntry[]; occupant: OccupantDocument | undefined }>()
  readonly #installations = new Map<string, ReleaseState>()
  #time = 1_795_342_619.25

  constructor(computerId: string) {
    this.computerId = computerId
  }

  format(computer: FormattedComputer): void {
    for (const partition of computer.partition_list) {
      const ipList = partition.address_list.map(({ addr }): IpEntry => [partition.tap.name, addr])
      const before = this.#partitions.get(partition.reference)
      this.#partitions.set(partition.reference, { ipList, occupant: before?.occupant })
    }
  }

  document(): ComputerDocument {
    const partitions = [...this.#partitions].map(([partitionId, { occupant }]): PartitionDocument => {
      return { computerId: this.computerId, partitionId, occupant }
    })
    const installations = [...this.#installations].map(([url, state]) => ({ url, state }))
    return { computerId: this.computerId, partitions, installations }
  }

  occupant(title: string): OccupantDocument | undefined {
    return this.#byTitle(title)?.[1].occupant
  }

  partitionOf(title: string): string | undefined {
    return this.#byTitle(title)?.[0]
  }

  supply(url: string, state: ReleaseState): void {
    this.#installations.set(url, state)
  }

  forget(url: string): void {
    this.#installations.delete(url)
  }

  request(request: InstanceRequest): RequestedInstance | undefined {
    if (request.shared) return this.#requestSlave(request)
    const known = this.#byTitle(request.title)
    if (!known && request.state === 'destroyed') return undefined
    const [partitionId, place] = known ?? [...this.#partitions].find(([, { occupant }]) => !occupant) ?? []
    if (partitionId === undefined || !place) return undefined
    const before = place.occupant
    const { title, state, releaseUrl, softwareType, parameters, filter } = request
    const wanted = { title, state, releaseUrl, softwareType, parameters, filter }
    const same = before && JSON.stringify(wanted) === JSON.stringify(pick(before))
    const occupant: OccupantDocument = {
      ...wanted,
      instanceGuid: `${this.computerId}-${partitionId}`,
      rootTitle: title,
      connection: before?.connection ?? {},
      accessStatus: undefined,
      ipList: place.ipList,
      fullIpList: [],
      slaves: before?.slaves ?? [],
      timestamp: same ? before.timestamp : this.#now(),
    }
    this.#partitions.set(partitionId, { ...place, occupant })
    return { ...occupant, computerId: this.computerId, partitionId }
  }

  publish(partition: string, connection: TextDictionary, slave: string | undefined): void {
    this.#change(partition, (occupant) => {
      if (slave === undefined) return { ...occupant, connection }
      const slaves = occupant.slaves.map((item) => (item.reference === slave ? { ...item, connection } : item))
      return { ...occupant, slaves }
    })
  }

  free(partition: string): void {
    const place = this.#partitions.get(partition)
    if (place?.occupant?.state === 'destroyed') this.#partitions.set(partition, { ...place, occupant: undefined })
  }

  bang(): void {
    for (const partition of this.#partitions.keys()) {
      this.#change(partition, (occupant) => ({ ...occupant, timestamp: this.#now() }))
    }
  }

  #requestSlave(request: InstanceRequest): RequestedInstance | undefined {
    const host = [...this.#partitions].find(([, { occupant }]) => occupant?.releaseUrl === request.releaseUrl)
    const [partitionId, place] = host ?? []
    if (partitionId === undefined || !place?.occupant) return undefined
    const reference = `_${request.title}`
    const { title, softwareType, parameters } = request
    const slave: SlaveDocument = { reference, title, softwareType, parameters, connection: {}, timestamp: this.#now() }
    const others = place.occupant.slaves.filter((item) => item.reference !== reference)
    const slaves = request.state === 'started' ? [...others, slave] : others
    const occupant = { ...place.occupant, slaves, timestamp: this.#now() }
    this.#partitions.set(partitionId, { ...place, occupant })
    return { ...occupant, ...request, connection: {}, computerId: this.computerId, partitionId }
  }

  #byTitle(title: string) {
    return [...this.#partitions].find(([, { occupant }]) => occupant?.title === title)
  }

  #change(partition: string, change: (occupant: OccupantDocument) => OccupantDocument): void {
    const place = this.#partitions.get(partition)
    if (place?.occupant) this.#partitions.set(partition, { ...place, occupant: change(place.occupant) })
  }

  /** Text of float seconds. */
  #now(): string {
    this.#time += 0.5
    return String(this.#time)
  }
}

const pick = ({ title, state, releaseUrl, softwareType, parameters, filter }: OccupantDocument) => ({
  title,
  state,
  releaseUrl,
  softwareType,
  parameters,
  filter,
})

import type {
  FormattedComputer,
  InstanceRequest,
  InstanceState,
  IpEntry,
  ReleaseState,
  TextDictionary,
} from '@slapos/slap'

export interface ProxySlave {
  readonly reference: string
  readonly softwareType: string
  readonly parameters: TextDictionary
  readonly connection: TextDictionary
}

export interface ProxyInstance {
  readonly title: string
  /** Title of the root of its tree; its own when it is the root. */
  readonly root: string
  readonly state: InstanceState
  readonly releaseUrl: string
  readonly softwareType: string
  readonly parameters: TextDictionary
  readonly connection: TextDictionary
  readonly slaves: readonly ProxySlave[]
  /** Text of float seconds, as Python prints it: always with a fraction. */
  readonly timestamp: string
}

export interface ProxyPartition {
  readonly id: string
  readonly ipList: readonly IpEntry[]
  readonly instance: ProxyInstance | undefined
}

/** An answer of `request`. */
export interface Placed {
  readonly partition: ProxyPartition
  readonly instance: ProxyInstance
  readonly slave: ProxySlave | undefined
}

/** What `slapos proxy` keeps in its database, and its rules of requests and destruction. */
export class ProxyState {
  readonly computerId: string
  /** Addresses of a partition of the same name on another computer: they come along in answers of requests. */
  readonly elsewhere: readonly IpEntry[]
  readonly #partitions = new Map<string, ProxyPartition>()
  readonly #installations = new Map<string, ReleaseState>()
  #time = 1_795_342_619.25

  constructor(computerId: string, elsewhere: readonly IpEntry[] = []) {
    this.computerId = computerId
    this.elsewhere = elsewhere
  }

  /** Partitions that are no longer listed are deleted. */
  format(computer: FormattedComputer): void {
    const before = new Map(this.#partitions)
    this.#partitions.clear()
    for (const { reference: id, address_list, tap } of computer.partition_list) {
      const ipList = address_list.map(({ addr }): IpEntry => [tap.name, addr])
      this.#partitions.set(id, { id, ipList, instance: before.get(id)?.instance })
    }
  }

  partitions = (): readonly ProxyPartition[] => [...this.#partitions.values()]
  partition = (id: string): ProxyPartition | undefined => this.#partitions.get(id)
  installations = (): ReadonlyMap<string, ReleaseState> => this.#installations
  occupant = (title: string): ProxyInstance | undefined => this.#find(title)?.instance
  partitionOf = (title: string): string | undefined => this.#find(title)?.id

  supply(url: string, state: ReleaseState): void {
    this.#installations.set(url, state)
  }

  forget(url: string): void {
    this.#installations.delete(url)
  }

  /** Places it in the first free partition; undefined when there is none. Whatever a tree requests is the root's. */
  request(request: InstanceRequest): Placed | undefined {
    const root = this.partition(request.requester?.partitionId ?? '')?.instance?.root
    if (request.shared) return this.#requestSlave(request, root)
    const { title, releaseUrl, softwareType, parameters } = request
    const known = this.#find(title, root ?? title)
    if (!known && request.state === 'destroyed') return undefined
    const partition = known ?? this.partitions().find(({ instance }) => !instance)
    if (!partition) return undefined
    const rootState = root === undefined ? undefined : this.#find(root, root)?.instance?.state
    const state = rootState === undefined || rootState === 'started' ? request.state : rootState
    const before = partition.instance
    const wanted = { title, root: root ?? title, state, releaseUrl, softwareType, parameters }
    const kept = { connection: before?.connection ?? {}, slaves: before?.slaves ?? [] }
    const same = before && JSON.stringify({ ...before, ...wanted }) === JSON.stringify(before)
    const instance = same ? before : { ...wanted, ...kept, timestamp: this.#now() }
    const placed = this.#occupy(partition, instance)
    return { partition: placed, instance, slave: undefined }
  }

  /** Of the instance, or of a slave that it hosts. Nobody is told: the requester's timestamp stays. */
  publish(id: string, connection: TextDictionary, slave: string | undefined): void {
    const instance = this.partition(id)?.instance
    if (!instance) return
    if (slave !== undefined) {
      const slaves = instance.slaves.map((item) => (item.reference === slave ? { ...item, connection } : item))
      this.#change(id, { slaves })
      return
    }
    this.#change(id, { connection })
  }

  /** False while instances of its tree remain: they are asked to go first. */
  free(id: string): boolean {
    const partition = this.partition(id)
    const instance = partition?.instance
    if (!partition || instance?.state !== 'destroyed') return true
    const children = this.partitions().filter(
      (other) => other.id !== id && other.instance?.root === instance.title && instance.root === instance.title,
    )
    for (const child of children) this.#change(child.id, { state: 'destroyed' })
    if (children.length === 0) this.#partitions.set(id, { ...partition, instance: undefined })
    return children.length === 0
  }

  /** The whole tree of the instance on a partition. */
  bang(id: string): void {
    const root = this.partition(id)?.instance?.root
    for (const { id: other, instance } of this.partitions()) {
      if (instance?.root === root) this.#change(other, { timestamp: this.#now() })
    }
  }

  rename(id: string, title: string): void {
    this.#change(id, { title })
  }

  /** The host is a partition with the same release and type. Slaves have no state: they are there, or not. */
  #requestSlave(request: InstanceRequest, root: string | undefined): Placed | undefined {
    const { instance_guid: guid } = request.filter
    const host = this.partitions().find(
      ({ id, instance }) =>
        instance?.releaseUrl === request.releaseUrl &&
        instance.softwareType === request.softwareType &&
        (guid === undefined || guid === `${this.computerId}-${id}`),
    )
    if (!host?.instance) return undefined
    const reference = `${root ?? ''}_${request.title}`
    const before = host.instance.slaves.find((slave) => slave.reference === reference)
    const { softwareType, parameters } = request
    const slave = { reference, softwareType, parameters, connection: before?.connection ?? {} }
    const listed = request.state !== 'destroyed'
    const same = listed ? before && JSON.stringify(before) === JSON.stringify(slave) : !before
    if (same) return { partition: host, instance: host.instance, slave }
    const others = host.instance.slaves.filter((item) => item !== before)
    const instance = { ...host.instance, slaves: listed ? [...others, slave] : others, timestamp: this.#now() }
    return { partition: this.#occupy(host, instance), instance, slave }
  }

  #find(title: string, root?: string): ProxyPartition | undefined {
    return this.partitions().find(
      ({ instance }) => instance?.title === title && (root === undefined || instance.root === root),
    )
  }

  #occupy(partition: ProxyPartition, instance: ProxyInstance): ProxyPartition {
    const occupied = { ...partition, instance }
    this.#partitions.set(partition.id, occupied)
    return occupied
  }

  #change(id: string, change: Partial<ProxyInstance>): void {
    const partition = this.partition(id)
    if (partition?.instance) this.#occupy(partition, { ...partition.instance, ...change })
  }

  #now(): string {
    this.#time += 0.5
    return Number.isInteger(this.#time) ? `${this.#time}.0` : String(this.#time)
  }
}

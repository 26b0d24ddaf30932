/** What the services of one partition may use together. Absent: as much as there is. */
export interface PartitionLimits {
  readonly memoryBytes?: number
  readonly processes?: number
  /** Processors: 0.5 is half of one. */
  readonly cpus?: number
}

/** Both hold: of each limit the smaller one. */
export function bothLimits(one: PartitionLimits, other: PartitionLimits): PartitionLimits {
  const memoryBytes = least(one.memoryBytes, other.memoryBytes)
  const processes = least(one.processes, other.processes)
  const cpus = least(one.cpus, other.cpus)
  return {
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(processes === undefined ? {} : { processes }),
    ...(cpus === undefined ? {} : { cpus }),
  }
}

const least = (...values: readonly (number | undefined)[]): number | undefined => {
  const given = values.filter((value) => value !== undefined)
  return given.length === 0 ? undefined : Math.min(...given)
}

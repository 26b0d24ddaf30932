import type { NodeConfig } from '../config/config.ts'

/** How usage reports name a partition: by its user, as existing Masters know it; where it has none, by itself. */
export function accountName({ mode, format }: Pick<NodeConfig, 'mode' | 'format'>): (partition: string) => string {
  const { partitionBaseName, userBaseName } = format
  return (partition) =>
    mode === 'system' && partition.startsWith(partitionBaseName)
      ? userBaseName + partition.slice(partitionBaseName.length)
      : partition
}

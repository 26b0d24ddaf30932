import { chmod, lstat, mkdir, readFile, rmdir, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '@slapos/base'
import type { FormattedPartition } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'
import { resourceText } from '../format/resource.ts'
import type { Host, HostFacts, HostLog, HostStep, NodePaths, PartitionFacts } from './host.ts'
import { assignLocal } from './local-assign.ts'
import { applyFileOperations, emptyDirectory } from './local-files.ts'
import { LocalForwards } from './local-forward.ts'
import { stepActions } from './step-actions.ts'

export interface LocalHostOptions {
  readonly paths: NodePaths
  /** `127.A.B.0/24`, chosen once with `chooseLocalNetwork` and kept in slapos.cfg. */
  readonly network: string
  readonly log: HostLog
}

export const RESOURCE_FILE = '.slapos-resource'

/**
 * Everything under one prefix, as whoever runs the agent: no users, no addresses to add, and no isolation between
 * partitions. Started by root, services run in a user namespace, because programs such as PostgreSQL refuse root.
 */
export function createLocalHost({ paths, network, log }: LocalHostOptions): Host & { close(): void } {
  const forwards = new LocalForwards(log)
  const directory = (partition: string) => join(paths.instances, partition)
  const exists = (partition: string) => isDirectory(directory(partition))

  return {
    mode: 'local',
    paths,
    directory,
    exists,
    assign: async (request) => assignLocal(request, { network, instances: paths.instances, user: userInfo().username }),

    // The addresses follow from the numbers of the partitions.
    recall: async () => [],

    async inspect(partitions, rootDirectories): Promise<HostFacts> {
      const facts = await Promise.all(
        partitions.map(async (partition) => [partition.reference, await factsOf(partition)] as const),
      )
      const roots = await Promise.all(
        rootDirectories.map(async (step) => (step.kind === 'root-directory' && (await hasMode(step)) ? step.path : '')),
      )
      return {
        partitions: Object.fromEntries(facts),
        rootDirectories: roots.filter((path) => path !== ''),
        softwareUser: true,
        addresses: [],
        ranges: [],
      }
    },

    async execute(step) {
      try {
        await execute(step)
      } catch (error) {
        throw nodeErrors.HOST_STEP(
          {
            action: stepActions[step.kind],
            path: stepPath(step),
            reason: error instanceof Error ? error.message : String(error),
          },
          error,
        )
      }
    },

    ownUsers: async () => ({ log: { kind: 'self' }, build: undefined }),
    runAs: async () => (process.getuid?.() === 0 ? { kind: 'namespace' } : { kind: 'self' }),

    async files(partition, operations) {
      if (!(await exists(partition))) throw nodeErrors.PARTITION_MISSING({ partition, path: directory(partition) })
      return applyFileOperations(directory(partition), operations)
    },
    async wipe(partition) {
      if (await exists(partition)) {
        await emptyDirectory(directory(partition), [RESOURCE_FILE])
        await chmod(directory(partition), 0o750)
      }
    },
    forward: async (partition, list) => forwards.apply(partition, list),
    close: () => forwards.close(),
  }
}

async function execute(step: HostStep): Promise<void> {
  switch (step.kind) {
    case 'root-directory':
      await mkdir(step.path, { recursive: true, mode: step.mode })
      return chmod(step.path, step.mode)
    case 'partition-directory':
      await mkdir(step.partition.path, { recursive: true, mode: 0o750 })
      return chmod(step.partition.path, 0o750)
    case 'resource':
      return writeFileAtomic(join(step.partition.path, RESOURCE_FILE), resourceText(step.partition))
    case 'remove-partition':
      return removePartition(step.partition.path)
    case 'software-user':
    case 'partition-user':
    case 'address':
    case 'release-address':
      return // the user is who runs the agent, and every loopback address is there already
  }
}

async function removePartition(path: string): Promise<void> {
  if (!(await isDirectory(path))) return
  await emptyDirectory(path, [])
  await rmdir(path)
}

async function factsOf(partition: FormattedPartition): Promise<PartitionFacts> {
  return {
    directory: await hasMode({ kind: 'root-directory', path: partition.path, mode: 0o750 }),
    user: true,
    addresses: partition.address_list.map(({ addr }) => addr),
    resource: await readFile(join(partition.path, RESOURCE_FILE), 'utf8').catch(() => undefined),
  }
}

async function hasMode(step: Extract<HostStep, { kind: 'root-directory' }>): Promise<boolean> {
  const found = await stat(step.path).catch(() => undefined)
  return found?.isDirectory() === true && (found.mode & 0o7777) === step.mode
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}

function stepPath(step: HostStep): string {
  if ('partition' in step && typeof step.partition !== 'string') return step.partition.path
  return 'path' in step ? step.path : step.kind
}

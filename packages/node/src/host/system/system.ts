import { randomBytes } from 'node:crypto'
import { chmod, chown, lchown, lstat, mkdir, open, readFile, rename, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Clock, isSlapError, messageOf, systemClock } from '@slapos/base'
import type { FormattedPartition } from '@slapos/slap'
import { nodeErrors } from '../../errors.ts'
import { resourceText } from '../../format/resource.ts'
import type { Host, HostFacts, HostLog, HostStep, NodePaths, PartitionFacts } from '../host.ts'
import { RESOURCE_FILE } from '../local.ts'
import type { FileResult } from '../local-files.ts'
import { LocalForwards } from '../local-forward.ts'
import { stepActions } from '../step-actions.ts'
import { type Account, type AccountOptions, Accounts } from './accounts.ts'
import { monitorIpv6 } from './address-monitor.ts'
import { Addresses } from './addresses.ts'
import { assignSystem } from './assign.ts'
import { asPartition, type PartitionOwner } from './helper.ts'
import { NftForwards } from './nft-forwards.ts'
import { allowRanges, Ranges } from './ranges.ts'
import { readAs, removeAs } from './read-as.ts'
import { readAddresses } from './resource-addresses.ts'
import { usableIpv6 } from './temporary-ipv6.ts'

export interface SystemHostOptions {
  readonly paths: NodePaths
  /** Where IPv4 addresses of partitions go. */
  readonly interface: string
  /** Where IPv6 addresses are found and go; null: no IPv6. */
  readonly ipv6Interface: string | null
  readonly ipv4Network: string
  readonly log: HostLog
  /** Owner of built releases. Default `slapsoft`. */
  readonly softwareUser?: string
  /** False: addresses are managed elsewhere (`alter_network`), users too (`alter_user`). */
  readonly alterNetwork?: boolean
  readonly alterUser?: boolean
  readonly accounts?: AccountOptions
  /** The command of iproute2, with `-n NAMESPACE` when it is not this one's. */
  readonly ip?: readonly string[]
  /** The command of nftables, in that namespace. */
  readonly nft?: readonly string[]
  readonly clock?: Clock
  /** Lets programs use ranges; default: a setting of the kernel. */
  readonly allowRanges?: () => Promise<boolean>
}

const PARTITION_MODE = 0o750
/** Writes the logs of services, and can do nothing else. */
const LOG_USER = 'slaposlog'
/** Where an administrator manages users and has made none for this (`alter_user = false`). */
const NOBODY = { uid: 65534, gid: 65534 }

/**
 * A machine ruled by root: each partition has a user, a directory that only this user reads, and addresses of its own.
 * Root makes, renames and removes a partition's directory itself, in a parent that is root's; below it, it does nothing once
 * the directory is the user's.
 */
export function openSystemHost(options: SystemHostOptions): Host & { close(): void } {
  const { paths, log, alterNetwork = true, alterUser = true, softwareUser = 'slapsoft', clock = systemClock } = options
  const accounts = new Accounts(options.accounts ?? { prefix: '/' })
  const addresses = new Addresses(options.ip ?? ['ip'], clock)
  const ranges = new Ranges(options.ip ?? ['ip'])
  const forwards = new LocalForwards(log)
  const kernel = new NftForwards({ nft: options.nft ?? ['nft'], ipv4Network: options.ipv4Network, log })
  const directory = (partition: string) => join(paths.instances, partition)

  /** Whose the directory is, said by itself: it lies in a parent where nobody but root can put one. */
  async function ownerOf(partition: string, path = directory(partition)): Promise<PartitionOwner> {
    const parent = await lstat(dirname(path)).catch(() => undefined)
    if (parent && (parent.uid !== 0 || (parent.mode & 0o022) !== 0)) {
      throw nodeErrors.HOST_STEP({ action: 'trust', path: dirname(path), reason: 'others than root may write there' })
    }
    const found = await lstat(path).catch(() => undefined)
    if (!found?.isDirectory() || found.uid === 0) throw nodeErrors.PARTITION_MISSING({ partition, path })
    return { uid: found.uid, gid: found.gid, root: path }
  }

  async function factsOf(partition: FormattedPartition, present: ReadonlySet<string>): Promise<PartitionFacts> {
    const account = await accounts.find(partition.user.name)
    const found = await lstat(partition.path).catch(() => undefined)
    const right =
      found?.isDirectory() === true && (found.mode & 0o7777) === PARTITION_MODE && found.uid === account?.uid
    const resource = right
      ? await ownerOf(partition.reference, partition.path)
          .then((owner) => readAs(owner, RESOURCE_FILE))
          .catch(() => null)
      : null
    return {
      directory: right && found.gid === account?.gid,
      user: !alterUser || account?.home === partition.path,
      addresses: partition.address_list.map(({ addr }) => addr).filter((addr) => !alterNetwork || present.has(addr)),
      resource: resource ?? undefined,
    }
  }

  async function makeDirectory(partition: FormattedPartition): Promise<void> {
    const { user, path } = partition
    const account = await accounts.find(user.name)
    if (!account || account.uid === 0)
      throw new Error(`there is no user ${user.name}${alterUser ? '' : ', and alter_user is False'}`)
    const made = await mkdir(path, { mode: 0o700 }).then(() => true, exceptExisting)
    // Still root's, and closed to everybody: the one moment at which root may write inside, and no helper is needed.
    if (made) await writeResource(partition, account)
    const found = await lstat(path)
    if (!found.isDirectory()) throw new Error('it is not a directory')
    // Never recursive: what is inside is the user's own business, also when it was somebody else's before.
    await lchown(path, account.uid, account.gid)
    await chmod(path, PARTITION_MODE)
  }

  async function removePartition({ reference, path, address_list, ipv6_range }: FormattedPartition): Promise<void> {
    const owner = await ownerOf(reference, path).catch(() => undefined)
    if (owner) {
      // Out of the way first: from now on nothing takes it for a partition, however long the emptying takes.
      const away = join(paths.instances, `.removed-${reference}-${randomBytes(4).toString('hex')}`)
      await rename(path, away)
      // A free one holds nothing else, and this takes a tenth of the time.
      await removeAs({ ...owner, root: away }, RESOURCE_FILE, await isOwn(owner, path))
      const gone = await rmdir(away).then(
        () => true,
        () => false,
      )
      if (!gone) {
        await empty({ ...owner, root: away }, path, [])
        await rmdir(away)
      }
    }
    if (!alterNetwork) return
    if (ipv6_range.network !== undefined) await ranges.remove(ipv6_range.network)
    const mine = new Set(address_list.map(({ addr }) => addr))
    for (const each of await addresses.list()) {
      if (mine.has(each.address)) await addresses.remove(each.interface, each.address, each.prefixLength)
    }
  }

  /** Ends all processes of the user only when it is the partition's own user, not one that an administrator shared out. */
  async function empty(owner: PartitionOwner, home: string, keep: readonly string[]): Promise<void> {
    await asPartition(owner, { kind: 'empty', keep, endProcesses: await isOwn(owner, home) })
  }

  const isOwn = async ({ uid }: PartitionOwner, home: string) => (await accounts.ownerOfHome(home))?.uid === uid

  async function execute(step: HostStep): Promise<void> {
    switch (step.kind) {
      case 'root-directory':
        await mkdir(step.path, { recursive: true, mode: step.mode })
        return chmod(step.path, step.mode)
      case 'software-user': {
        await accounts.ensure(step.name, step.home, '/bin/sh', [])
        // The builder is no owner of finished releases: it could put others in their place.
        return chown(step.home, 0, 0)
      }
      case 'partition-user': {
        const { name, path, shell, additional_group_list } = step.partition.user
        await accounts.ensure(name, path, shell, additional_group_list)
        return
      }
      case 'partition-directory':
        return makeDirectory(step.partition)
      case 'address':
        return addresses.add(step.interface, step.address, step.prefixLength)
      case 'range':
        if (!(await (options.allowRanges ?? allowRanges)()))
          log(`${step.network}: the kernel's setting net.ipv6.ip_nonlocal_bind cannot be set here`)
        return ranges.add(step.network)
      case 'release-range':
        return ranges.remove(step.network)
      case 'release-address':
        return addresses.remove(step.interface, step.address, step.prefixLength)
      case 'resource': {
        const file = { path: RESOURCE_FILE, content: resourceText(step.partition), mode: 0o644 }
        const owner = await ownerOf(step.partition.reference, step.partition.path)
        // It came with the directory.
        if ((await readAs(owner, RESOURCE_FILE)) === file.content) return
        const write = (remove: readonly string[]) =>
          asPartition(owner, { kind: 'files', operations: { remove, directories: [], files: [file] } })
        await write([]).catch((error: unknown) => {
          if (!isSlapError(error) || error.code !== 'UNSAFE_PATH') throw error
          return write([RESOURCE_FILE]) // a link that its user put there has no business there
        })
        return
      }
      case 'remove-partition':
        return removePartition(step.partition)
    }
  }

  return {
    mode: 'system',
    paths,
    directory,
    exists: (partition) =>
      ownerOf(partition).then(
        () => true,
        () => false,
      ),
    async assign(request) {
      const present = options.ipv6Interface === null ? [] : await addresses.list()
      const partitions = new Set(request.remembered.flatMap(({ address_list }) => address_list.map(({ addr }) => addr)))
      const found = present.filter(
        ({ interface: device, address, scope }) =>
          device === options.ipv6Interface && address.includes(':') && scope === 'global' && !partitions.has(address),
      )
      const mayTake = alterNetwork && options.ipv6Interface !== null && (await kernelHasIpv6())
      return assignSystem(request, { ...options, instances: paths.instances, ipv6: usableIpv6(found, mayTake) })
    },
    ...(alterNetwork && options.ipv6Interface !== null
      ? { onIpv6Change: (listener) => monitorIpv6(options.ip ?? ['ip'], options.ipv6Interface ?? '', listener) }
      : {}),
    async recall(references) {
      const texts = await Promise.all(
        references.map((reference) =>
          ownerOf(reference)
            .then((owner) => readAs(owner, RESOURCE_FILE))
            .catch(() => null),
        ),
      )
      return texts.flatMap((text, i) => readAddresses(references[i] ?? '', text) ?? [])
    },
    async inspect(partitions, rootDirectories): Promise<HostFacts> {
      const usable = alterNetwork ? await addresses.list() : []
      const present = new Set(usable.filter(({ duplicate }) => !duplicate).map(({ address }) => address))
      const facts = await Promise.all(
        partitions.map(async (partition) => [partition.reference, await factsOf(partition, present)] as const),
      )
      const roots = await Promise.all(rootDirectories.map(rootIsRight))
      return {
        partitions: Object.fromEntries(facts),
        rootDirectories: roots.filter((path) => path !== ''),
        // Managed elsewhere, they are as they should be.
        ranges: alterNetwork ? await ranges.list() : partitions.flatMap(({ ipv6_range }) => ipv6_range.network ?? []),
        addresses: usable.map(({ interface: device, address, prefixLength }) => ({
          interface: device,
          address,
          prefixLength,
        })),
        softwareUser: !alterUser || (await accounts.find(softwareUser)) !== undefined,
      }
    },
    async execute(step) {
      try {
        await execute(step)
      } catch (error) {
        if (isSlapError(error)) throw error
        throw nodeErrors.HOST_STEP(
          { action: stepActions[step.kind], path: stepPath(step), reason: messageOf(error) },
          error,
        )
      }
    },
    async ownUsers() {
      const own = async (name: string, home: string) =>
        alterUser ? accounts.ensure(name, home, '/usr/sbin/nologin', []) : ((await accounts.find(name)) ?? NOBODY)
      const log = await own(LOG_USER, paths.state)
      const { uid, gid } = await own(softwareUser, paths.software)
      return { log: { kind: 'user', uid: log.uid, gid: log.gid }, build: { uid, gid } }
    },
    async runAs(partition) {
      const { uid, gid } = await ownerOf(partition)
      return { kind: 'user', uid, gid, groups: [] }
    },
    async files(partition, operations) {
      const result = await asPartition(await ownerOf(partition), { kind: 'files', operations })
      if (!isFileResult(result)) throw new Error('the helper answers in another language')
      return result
    },
    async wipe(partition) {
      const owner = await ownerOf(partition).catch(() => undefined)
      if (!owner) return
      await empty(owner, owner.root, [RESOURCE_FILE])
      await chmod(owner.root, PARTITION_MODE)
    },
    async forward(partition, list) {
      const taken = await Promise.all(list.map((forward) => kernel.takes(forward)))
      await kernel.apply(
        partition,
        list.filter((_, i) => taken[i]),
      )
      forwards.apply(
        partition,
        list.filter((_, i) => !taken[i]),
      )
    },
    close: () => forwards.close(),
  }
}

const kernelHasIpv6 = () =>
  readFile('/proc/sys/net/ipv6/conf/all/disable_ipv6', 'utf8').then(
    (text) => text.trim() === '0',
    () => false,
  )

async function rootIsRight(step: HostStep): Promise<string> {
  if (step.kind !== 'root-directory') return ''
  const found = await lstat(step.path).catch(() => undefined)
  return found?.isDirectory() && (found.mode & 0o7777) === step.mode ? step.path : ''
}

function isFileResult(value: unknown): value is FileResult {
  return typeof value === 'object' && value !== null && 'removed' in value && 'written' in value
}

function exceptExisting(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EEXIST') throw error
  return false
}

async function writeResource(partition: FormattedPartition, { uid, gid }: Account): Promise<void> {
  const handle = await open(join(partition.path, RESOURCE_FILE), 'wx', 0o644)
  try {
    await handle.writeFile(resourceText(partition))
    await handle.chmod(0o644)
    await handle.chown(uid, gid)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

function stepPath(step: HostStep): string {
  if (step.kind === 'range' || step.kind === 'release-range') return step.network
  if (step.kind === 'address' || step.kind === 'release-address') return `${step.address} on ${step.interface}`
  if (step.kind === 'software-user') return step.home
  return step.kind === 'root-directory' ? step.path : step.partition.path
}

import type { InstanceInput, InstancePlan } from '@slapos/release'
import { findForm, loadRelease } from '@slapos/release/load-release.ts'
import { parametersFromWire } from '@slapos/release/parameters.ts'
import { runInstance } from '@slapos/release/run-instance.ts'
import type { DesiredOccupant, SlaveDocument } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'
import type { RunAs } from '../supervise/supervisor.ts'
import { readConnection } from './parameters.ts'
import { readSlaves } from './read-slaves.ts'
import type { PartitionRecord } from './state.ts'

export interface EvaluationContext {
  readonly computerId: string
  readonly mode: 'local' | 'system'
  readonly partition: string
  readonly partitionDirectory: string
  readonly releaseDirectory: string
  /** Node.js that the release was built for. */
  readonly node: string
  readonly runAs: RunAs
  readonly timeoutMs: number
  readonly slaves: readonly SlaveDocument[]
  readonly signal?: AbortSignal
}

/** Runs instance.ts of the built release in its sandbox. */
export async function evaluateInstance(
  record: PartitionRecord,
  occupant: DesiredOccupant,
  context: EvaluationContext,
): Promise<InstancePlan> {
  const release = await loadRelease(context.releaseDirectory)
  const ipv6 = addressOf(occupant, ':')
  const { requires } = release.manifest
  if (requires?.ipv6 && ipv6 === null) throw nodeErrors.NEEDS_IPV6({ release: release.manifest.title })
  if (requires?.root && context.mode === 'local') throw nodeErrors.NEEDS_ROOT({ release: release.manifest.title })
  const form = findForm(release, occupant.softwareType)
  const slaves = readSlaves(context.slaves)
  const input: InstanceInput = {
    format: 1,
    title: occupant.title,
    rootTitle: occupant.rootTitle,
    guid: occupant.instanceGuid,
    computer: context.computerId,
    partition: context.partition,
    softwareType: occupant.softwareType,
    state: occupant.state === 'stopped' ? 'stopped' : 'started',
    parameters: parametersFromWire(form, occupant.parameters, occupant.title),
    ipv4: addressOf(occupant, '.') ?? '',
    ipv6,
    paths: { partition: context.partitionDirectory, release: context.releaseDirectory, node: context.node },
    slaves: slaves.readable,
    children: Object.fromEntries(
      Object.entries(record.children).map(([title, { connection }]) => [
        title,
        connection !== null && Object.keys(connection).length > 0 ? readConnection(connection) : null,
      ]),
    ),
    seed: record.seed,
  }
  const { runAs } = context
  const plan = await runInstance({
    releaseDirectory: context.releaseDirectory,
    input,
    // As `slapos request --parameters port=8080` sends them.
    texts: occupant.parameters['_'] === undefined,
    slaveTexts: slaves.texts,
    node: context.node,
    timeoutMs: context.timeoutMs,
    ...(runAs.kind === 'user' ? { runAs: { uid: runAs.uid, gid: runAs.gid } } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
  })
  if (Object.keys(slaves.damaged).length === 0) return plan
  return { ...plan, slaveErrors: { ...plan.slaveErrors, ...slaves.damaged } }
}

const addressOf = (occupant: DesiredOccupant, mark: ':' | '.'): string | null =>
  occupant.ipList.map(([, address]) => address).find((address) => address.includes(mark)) ?? null

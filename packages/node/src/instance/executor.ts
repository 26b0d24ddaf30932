/**
 * Runs the steps of one partition, one at a time, and writes each down before the next. It asks the planner again
 * until nothing is left, so that a crash anywhere is healed by the next pass.
 */
import { randomBytes } from 'node:crypto'
import type { InstancePlan, PlannedPromise } from '@slapos/release'
import type { DesiredOccupant } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'
import type { Host } from '../host/host.ts'
import type { MasterLink } from '../link/link.ts'
import type { Outcome } from '../link/outcome.ts'
import type { ServiceDefinition, Supervisor } from '../supervise/supervisor.ts'
import { advance } from './advance.ts'
import { evaluationKey, type PartitionWish, type Phase, planPartition } from './planner.ts'
import type { LiveState, PartitionRecord, PartitionState } from './state.ts'
import { LINK_STEPS, type Step, type StepResult } from './step.ts'

export interface ExecutorParts {
  readonly host: Host
  readonly link: MasterLink
  readonly supervisor: Pick<Supervisor, 'apply' | 'limit'>
  readonly promises: { set(partition: string, promises: readonly PlannedPromise[]): Promise<void> | void }
  readonly evaluate: (partition: string, record: PartitionRecord, occupant: DesiredOccupant) => Promise<Evaluation>
  /** Writes the state down; undefined removes it. */
  readonly save: (partition: string, record: PartitionRecord | undefined, live: LiveState) => Promise<void>
  readonly log: (message: string) => void
}

export interface Evaluation {
  readonly plan: InstancePlan
  readonly releaseId: string
}

export interface PassResult {
  readonly state: PartitionState
  readonly phase: Phase
  readonly message: string
  /** Steps done. Zero: nothing was to do. */
  readonly done: number
  /** What the Master answered to the link steps that could not be done. */
  readonly pending: Exclude<Outcome<never>, { kind: 'ok' }> | undefined
}

/** More rounds than a sound instance.ts ever needs: evaluation, requests, and evaluation with their results. */
const MOST_EVALUATIONS = 6

export async function runPass(
  partition: string,
  initial: PartitionState,
  wish: PartitionWish,
  parts: ExecutorParts,
  signal?: AbortSignal,
): Promise<PassResult> {
  let state = initial
  let done = 0
  let evaluations = 0
  for (;;) {
    const plan = planPartition(state, wish)
    let pending: PassResult['pending']
    let progress = 0
    for (const step of plan.steps) {
      signal?.throwIfAborted()
      if (pending && LINK_STEPS.has(step.kind)) continue
      if (step.kind === 'evaluate' && ++evaluations > MOST_EVALUATIONS) {
        throw nodeErrors.CHILDREN_UNSTABLE({ partition })
      }
      const outcome = await perform(partition, step, state, wish, parts, signal)
      if (outcome.kind !== 'ok') {
        pending = outcome
        continue
      }
      state = advance(state, step, outcome.value, partition)
      await parts.save(partition, state.record, state.live)
      parts.log(`${step.kind} done`)
      progress++
    }
    done += progress
    if (plan.steps.length === 0 || pending || progress === 0) {
      return { state, phase: plan.phase, message: plan.message, done, pending }
    }
  }
}

type Done = Outcome<StepResult>
const OK: Done = { kind: 'ok', value: undefined }
const plain = (outcome: Outcome<unknown>): Done => (outcome.kind === 'ok' ? OK : outcome)

async function perform(
  partition: string,
  step: Step,
  state: PartitionState,
  wish: PartitionWish,
  parts: ExecutorParts,
  signal: AbortSignal | undefined,
): Promise<Done> {
  const { host, link } = parts
  switch (step.kind) {
    case 'adopt':
      if (!(await host.exists(partition))) {
        throw nodeErrors.PARTITION_MISSING({ partition, path: host.directory(partition) })
      }
      return { kind: 'ok', value: { kind: 'seed', seed: randomBytes(32).toString('hex') } }
    case 'evaluate': {
      if (!state.record || !wish.occupant) return OK
      const { plan, releaseId } = await parts.evaluate(partition, state.record, wish.occupant)
      const key = evaluationKey(state.record, wish.occupant, releaseId, plan.controller !== undefined)
      return { kind: 'ok', value: { kind: 'plan', plan, key, releaseId, at: wish.now } }
    }
    case 'request': {
      const outcome = await link.request(partition, step.request)
      if (outcome.kind !== 'ok') {
        // Destroyed, or asked destroyed and never existed: that is what was wanted.
        return outcome.kind === 'failed' && outcome.missing && step.request.state === 'destroyed' ? OK : outcome
      }
      const connection = outcome.value.kind === 'allocated' ? outcome.value.connection : null
      return { kind: 'ok', value: { kind: 'connection', connection } }
    }
    case 'files':
      await host.files(partition, step.operations)
      return OK
    case 'supervise':
      // Before anything starts; what is emptied loses its limits by itself.
      if (step.definitions.length > 0) await parts.supervisor.limit(partition, step.limits)
      await supervise(partition, step.definitions, parts, signal)
      return OK
    case 'promises':
      await parts.promises.set(partition, step.promises)
      return OK
    case 'forward':
      await host.forward(partition, step.forwards)
      return OK
    case 'publish':
      return plain(await link.publish(partition, step.connection))
    case 'publish-slaves':
      if (Object.keys(step.connections).length + Object.keys(step.errors).length === 0) return OK
      return plain(await link.publishSlaves(partition, { connections: step.connections, errors: step.errors }))
    case 'report':
      return plain(await link.report(partition, step.state))
    case 'retain':
    case 'forget':
      return OK
    case 'wipe':
      await host.wipe(partition)
      return OK
    case 'report-destroyed': {
      const outcome = await link.report(partition, 'destroyed')
      return outcome.kind === 'ok' ? { kind: 'ok', value: { kind: 'poll', poll: wish.poll } } : outcome
    }
  }
}

async function supervise(
  partition: string,
  definitions: readonly ServiceDefinition[],
  { supervisor, log }: ExecutorParts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const changes = await supervisor.apply(partition, definitions, signal)
  for (const { name, action } of changes) log(`${name} ${action}`)
  const failed = changes.find(({ action }) => action === 'failed')
  if (failed) {
    throw nodeErrors.ONE_SHOT_FAILED({ partition, name: failed.name, reason: failed.message ?? 'no reason given' })
  }
}

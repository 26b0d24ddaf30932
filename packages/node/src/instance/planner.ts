/**
 * What must happen in a partition: from what the Master wants, what was done, and nothing else. Pure. The executor
 * runs the steps, writes each down, and asks again until nothing is left. `plan` after success is empty.
 */
import type { InstancePlan, PlannedRequest } from '@slapos/release'
import type { DesiredOccupant } from '@slapos/slap'
import { announcesChildren } from './announces.ts'
import { limitsOf, type Place, serviceDefinitions } from './definitions.ts'
import { contentHash } from './hash.ts'
import { writeParameters } from './parameters.ts'
import { planFiles } from './plan-files.ts'
import { planSlaves } from './plan-slaves.ts'
import type { LiveState, PartitionRecord, PartitionState } from './state.ts'
import type { ChildRequest, Step } from './step.ts'

export interface PartitionWish {
  /** Null: free. */
  readonly occupant: DesiredOccupant | null
  readonly release: ReleaseFact
  readonly place: Omit<Place, 'releaseId'>
  /** Wall clock, milliseconds. */
  readonly now: number
  /** Counts the answers of the Master: a destruction is reported again until it frees the partition. */
  readonly poll: number
  /** Milliseconds after which an evaluation is repeated though nothing changed. */
  readonly maximumAge: number | undefined
}

export type ReleaseFact =
  | { readonly ready: true; readonly id: string }
  | { readonly ready: false; readonly reason: string }

export type Phase = 'free' | 'waiting-release' | 'processing' | 'deployed' | 'stopped' | 'destroying' | 'destroyed'

export interface Plan {
  readonly steps: readonly Step[]
  readonly phase: Phase
  /** Why it waits. */
  readonly message: string
}

const NONE = contentHash([])
const DAY = 86_400_000

export function planPartition(state: PartitionState, wish: PartitionWish): Plan {
  const { occupant } = wish
  const { record } = state
  if (!occupant) {
    if (!record) return { steps: [], phase: 'free', message: '' }
    return { steps: [...quiesce(state), ...leave(record), { kind: 'forget' }], phase: 'destroying', message: '' }
  }
  if (record && record.instanceGuid !== occupant.instanceGuid) {
    // Another instance took the place before we saw it free: nothing of the first may remain.
    return { steps: [...quiesce(state), ...leave(record), { kind: 'forget' }], phase: 'destroying', message: '' }
  }
  if (!record) {
    const { instanceGuid } = occupant
    return {
      steps: [{ kind: 'adopt', instanceGuid, retentionDays: retention(occupant) }],
      phase: 'processing',
      message: '',
    }
  }
  if (occupant.state === 'destroyed') return planDestruction(state, record, wish)
  return planDeployment(state, record, occupant, wish)
}

/** Nothing of the partition runs, is checked or is forwarded. */
function quiesce({ live }: PartitionState): readonly Step[] {
  const steps: Step[] = []
  if (live.forwards !== NONE) steps.push({ kind: 'forward', hash: NONE, forwards: [] })
  if (live.promises !== NONE) steps.push({ kind: 'promises', hash: NONE, promises: [] })
  if (live.supervised !== NONE) steps.push({ kind: 'supervise', hash: NONE, definitions: [], limits: {} })
  return steps
}

const leave = (record: PartitionRecord): readonly Step[] => (record.destroyed ? [] : [{ kind: 'wipe' }])

function planDestruction(state: PartitionState, record: PartitionRecord, wish: PartitionWish): Plan {
  const steps: Step[] = [...quiesce(state)]
  const { days, until } = record.retention
  if (!record.destroyed && days > 0) {
    const end = until ?? wish.now + days * DAY
    if (until === null) steps.push({ kind: 'retain', until: end })
    if (wish.now < end) {
      const reported = `stopped until ${end}`
      if (record.reported !== reported) steps.push({ kind: 'report', state: 'stopped', reported })
      const message = `Impossible to destroy partition yet because of retention lock, until ${new Date(end).toISOString()}.`
      return { steps, phase: 'destroying', message }
    }
  }
  steps.push(...leave(record))
  if (state.live.destructionReported !== wish.poll) steps.push({ kind: 'report-destroyed' })
  return { steps, phase: steps.length > 0 ? 'destroying' : 'destroyed', message: '' }
}

function planDeployment(
  state: PartitionState,
  record: PartitionRecord,
  occupant: DesiredOccupant,
  wish: PartitionWish,
): Plan {
  const stopped = occupant.state === 'stopped'
  // A stop never waits for anything: not for the release, not for an evaluation that may fail.
  const first = stopped ? quiesce(state) : []
  if (!wish.release.ready) {
    // What runs already goes on running on what it was started with.
    const again = stopped || !record.target ? [] : sustain(state, record.target.plan, record.target.releaseId, wish)
    return { steps: [...first, ...again], phase: 'waiting-release', message: wish.release.reason }
  }
  const { target } = record
  const key = evaluationKey(record, occupant, wish.release.id)
  const aged = target !== null && wish.maximumAge !== undefined && target.at + wish.maximumAge <= wish.now
  if (!target || target.key !== key || state.live.force || aged) {
    // Before the first evaluation of this run, what was deployed runs again at once.
    const again =
      stopped || !target || state.live.supervised !== null ? [] : sustain(state, target.plan, target.releaseId, wish)
    return { steps: [...first, ...again, { kind: 'evaluate', key }], phase: 'processing', message: '' }
  }
  const { plan } = target
  const requests = planRequests({ record, live: state.live }, plan, occupant, wish.poll)
  const steps: Step[] = [...first, ...requests, ...planFiles(record, plan)]
  if (!stopped) steps.push(...sustain(state, plan, target.releaseId, wish))
  const done = stopped ? 'stopped' : 'deployed'
  // The answers to requests may ask for another evaluation: only its result is worth telling.
  if (requests.length > 0) return { steps, phase: 'processing', message: '' }
  steps.push(...planPublication(record, plan))
  const reported = `${occupant.state} ${key}`
  if (record.reported !== reported) steps.push({ kind: 'report', state: stopped ? 'stopped' : 'started', reported })
  return { steps, phase: steps.length > 0 ? 'processing' : done, message: '' }
}

/** Supervision, promises and forwards of a plan. */
function sustain(
  { live }: PartitionState,
  plan: InstancePlan,
  releaseId: string,
  wish: PartitionWish,
): readonly Step[] {
  const steps: Step[] = []
  const definitions = serviceDefinitions(plan, { ...wish.place, releaseId })
  const limits = limitsOf(plan, wish.place.limits)
  const [supervised, promises, forwards] = [
    contentHash(Object.keys(limits).length === 0 ? definitions : [definitions, limits]),
    contentHash(plan.promises),
    contentHash(plan.forwards),
  ]
  if (live.supervised !== supervised) steps.push({ kind: 'supervise', hash: supervised, definitions, limits })
  if (live.promises !== promises) steps.push({ kind: 'promises', hash: promises, promises: plan.promises })
  if (live.forwards !== forwards) steps.push({ kind: 'forward', hash: forwards, forwards: plan.forwards })
  return steps
}

/** Everything that instance.ts sees. Slaves count only when no controller takes them; a silent child counts as none. */
export function evaluationKey(
  record: Pick<PartitionRecord, 'children' | 'target'>,
  occupant: DesiredOccupant,
  releaseId: string,
  controlled = record.target?.plan.controller !== undefined,
): string {
  const children = Object.entries(record.children)
    .filter(([, child]) => child.connection !== null && Object.keys(child.connection).length > 0)
    .map(([title, child]) => [title, child.connection])
  return contentHash({
    revision: occupant.ownRevision,
    slaves: controlled ? null : occupant.slavesRevision,
    release: [occupant.releaseUrl, releaseId],
    state: occupant.state,
    children: Object.fromEntries(children),
  })
}

function planRequests(
  { record, live }: { readonly record: PartitionRecord; readonly live: LiveState },
  plan: InstancePlan,
  occupant: DesiredOccupant,
  poll: number,
): readonly Step[] {
  const steps: Step[] = []
  const unannounced = !announcesChildren(occupant)
  for (const planned of plan.requests) {
    const request = childRequest(planned, occupant)
    const hash = contentHash([request, occupant.ownRevision])
    if (request.state === 'destroyed' && !record.children[request.title]) continue
    const again = unannounced && live.asked[request.title] !== poll
    if (again || record.children[request.title]?.hash !== hash)
      steps.push({ kind: 'request', title: request.title, hash, request, poll })
  }
  const wanted = new Set(plan.requests.map(({ title }) => title))
  for (const title of Object.keys(record.children)) {
    if (wanted.has(title)) continue
    const request = childRequest({ title, softwareType: 'default', parameters: {}, state: 'destroyed' }, occupant)
    steps.push({ kind: 'request', title, hash: '', request, poll })
  }
  return steps
}

function childRequest(planned: PlannedRequest, occupant: DesiredOccupant): ChildRequest {
  return {
    title: planned.title,
    releaseUrl: planned.release ?? occupant.releaseUrl,
    softwareType: planned.softwareType,
    parameters: writeParameters(planned.parameters),
    filter: planned.sla ?? {},
    state: planned.state ?? (occupant.state === 'stopped' ? 'stopped' : 'started'),
    shared: planned.shared ?? false,
  }
}

function planPublication(record: PartitionRecord, plan: InstancePlan): readonly Step[] {
  const steps: Step[] = []
  const connection = writeParameters(plan.publish)
  const hash = contentHash(connection)
  const nothing = record.published === null && Object.keys(connection).length === 0
  if (record.published !== hash && !nothing) steps.push({ kind: 'publish', hash, connection })
  if (plan.controller) return steps // the controller publishes for its slaves
  return [...steps, ...planSlaves(record, plan)]
}

function retention(occupant: DesiredOccupant): number {
  const days = Number(occupant.filter.retention_delay ?? 0)
  return Number.isFinite(days) && days > 0 ? days : 0
}

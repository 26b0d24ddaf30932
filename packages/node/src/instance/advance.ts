import { newRecord, type PartitionRecord, type PartitionState } from './state.ts'
import type { Step, StepResult } from './step.ts'

/** The state of a partition after a step succeeded. Pure: the executor acts, then writes down what this returns. */
export function advance(state: PartitionState, step: Step, result: StepResult, partition: string): PartitionState {
  const { record, live } = state
  const change = (fields: Partial<PartitionRecord>): PartitionState => ({
    record: record && { ...record, ...fields },
    live,
  })
  switch (step.kind) {
    case 'adopt': {
      const seed = result?.kind === 'seed' ? result.seed : ''
      return { record: newRecord(partition, step.instanceGuid, seed, step.retentionDays), live }
    }
    case 'evaluate': {
      if (result?.kind !== 'plan') return state
      const { key, releaseId, at, plan } = result
      return { record: record && { ...record, target: { key, releaseId, at, plan } }, live: { ...live, force: false } }
    }
    case 'request': {
      const { [step.title]: _, ...others } = record?.children ?? {}
      if (step.request.state === 'destroyed') return change({ children: others })
      const connection = result?.kind === 'connection' ? result.connection : null
      const { record: changed } = change({ children: { ...others, [step.title]: { hash: step.hash, connection } } })
      return { record: changed, live: { ...live, asked: { ...live.asked, [step.title]: step.poll } } }
    }
    case 'files':
      return change(step.fingerprints)
    case 'supervise':
      return { record, live: { ...live, supervised: step.hash } }
    case 'promises':
      return { record, live: { ...live, promises: step.hash } }
    case 'forward':
      return { record, live: { ...live, forwards: step.hash } }
    case 'publish':
      return change({ published: step.hash })
    case 'publish-slaves':
      return change({ publishedSlaves: step.hashes })
    case 'report':
      return change({ reported: step.reported, failure: null })
    case 'retain':
      return change({ retention: { days: record?.retention.days ?? 0, until: step.until } })
    case 'wipe':
      return change({ target: null, files: {}, directories: {}, destroyed: true })
    case 'report-destroyed':
      return { record, live: { ...live, destructionReported: result?.kind === 'poll' ? result.poll : 0 } }
    case 'forget':
      return { record: undefined, live: { ...live, destructionReported: -1 } }
  }
}

import type { HostStep } from '../host/host.ts'

export interface Stage {
  readonly steps: readonly HostStep[]
  /** How many of them may run at one time. */
  readonly atOnce: number
}

/** What must be there before: addresses wait seconds for the kernel, account tools lock each other out. */
const ORDER: readonly { readonly kinds: readonly HostStep['kind'][]; readonly atOnce: number }[] = [
  { kinds: ['root-directory', 'software-user', 'release-address', 'release-range'], atOnce: 1 },
  { kinds: ['remove-partition'], atOnce: 16 },
  { kinds: ['partition-user'], atOnce: 1 },
  { kinds: ['address', 'range', 'partition-directory'], atOnce: 256 },
  { kinds: ['resource'], atOnce: 8 },
]

/** The steps of a plan in stages, each to be finished before the next. Pure. */
export function stagesOf(steps: readonly HostStep[]): readonly Stage[] {
  return ORDER.map(({ kinds, atOnce }) => ({ steps: steps.filter(({ kind }) => kinds.includes(kind)), atOnce }))
}

export interface StepFailure {
  /** Undefined: the step was the node's own. */
  readonly partition: string | undefined
  readonly error: unknown
}

/**
 * Runs every stage, and answers what failed. A partition whose step fails is left as it is, and the others go on; a step of
 * the node itself stops what comes after its stage.
 */
export async function runStages(
  stages: readonly Stage[],
  execute: (step: HostStep) => Promise<void>,
  onDone: (step: HostStep) => void,
): Promise<readonly StepFailure[]> {
  const failures: StepFailure[] = []
  const failed = (partition: string | undefined) => failures.some((failure) => failure.partition === partition)
  for (const { steps, atOnce } of stages) {
    const due = steps.filter((step) => !failed(partitionOf(step) ?? ''))
    const done = new Set<HostStep>()
    const waiting = due.values()
    const worker = async () => {
      for (const step of waiting) {
        await execute(step).then(
          () => done.add(step),
          (error: unknown) => failures.push({ partition: partitionOf(step), error }),
        )
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, due.length) }, worker))
    for (const step of due) if (done.has(step)) onDone(step)
    if (failed(undefined)) break
  }
  return failures
}

function partitionOf(step: HostStep): string | undefined {
  if (step.kind === 'address' || step.kind === 'range') return step.partition
  return 'partition' in step ? step.partition.reference : undefined
}

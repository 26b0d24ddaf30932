import type { HostStep } from '../host/host.ts'

export interface Stage {
  readonly steps: readonly HostStep[]
  /** How many of them may run at one time. */
  readonly atOnce: number
}

/** What must be there before: addresses wait seconds for the kernel, account tools lock each other out. */
const ORDER: readonly { readonly kinds: readonly HostStep['kind'][]; readonly atOnce: number }[] = [
  { kinds: ['root-directory', 'software-user', 'release-address', 'remove-partition'], atOnce: 1 },
  { kinds: ['partition-user'], atOnce: 1 },
  { kinds: ['address', 'partition-directory'], atOnce: 256 },
  { kinds: ['resource'], atOnce: 4 },
]

/** The steps of a plan in stages, each to be finished before the next. Pure. */
export function stagesOf(steps: readonly HostStep[]): readonly Stage[] {
  return ORDER.map(({ kinds, atOnce }) => ({ steps: steps.filter(({ kind }) => kinds.includes(kind)), atOnce }))
}

/** Runs every stage; a step that fails stops what comes after its stage, not what is beside it. Throws the first failure. */
export async function runStages(
  stages: readonly Stage[],
  execute: (step: HostStep) => Promise<void>,
  onDone: (step: HostStep) => void,
): Promise<void> {
  for (const { steps, atOnce } of stages) {
    const waiting = steps.values()
    const failures: unknown[] = []
    const worker = async () => {
      for (const step of waiting) {
        await execute(step).catch((error: unknown) => failures.push(error))
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, worker))
    if (failures.length > 0) throw failures[0]
    for (const step of steps) onDone(step)
  }
}

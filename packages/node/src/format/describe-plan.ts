import type { HostStep } from '../host/host.ts'

/** What `format --dry-run` prints: a line for each partition, and before them one for each thing of the node itself. Pure. */
export function describePlan(steps: readonly HostStep[]): string {
  if (steps.length === 0) return 'Nothing to do.\n'
  const groups = new Map<string, HostStep[]>()
  for (const step of steps) groups.set(subjectOf(step), [...(groups.get(subjectOf(step)) ?? []), step])
  const width = Math.max(...[...groups.keys()].map((name) => name.length))
  const lines = [...groups].map(([name, list]) => `  ${name.padEnd(width)}  ${sentence(list)}`)
  return `This would be done:\n${lines.join('\n')}\nNothing was changed.\n`
}

const NODE = 'computer'

function subjectOf(step: HostStep): string {
  if (!('partition' in step)) return NODE
  return typeof step.partition === 'string' ? step.partition : step.partition.reference
}

function sentence(steps: readonly HostStep[]): string {
  const addresses = steps.flatMap((step) => (step.kind === 'address' ? [step] : []))
  const of = Map.groupBy(addresses, (step) => step.interface)
  const parts = steps.flatMap((step) => {
    if (step.kind !== 'address') return describe(step)
    const same = of.get(step.interface) ?? []
    if (same[0] !== step) return []
    const list = same.map(({ address, prefixLength }) => `${address}/${prefixLength}`).join(' and ')
    return [`${same.length > 1 ? 'addresses' : 'address'} ${list} on ${step.interface}`]
  })
  return parts.join(', ')
}

function describe(step: Exclude<HostStep, { kind: 'address' }>): readonly string[] {
  switch (step.kind) {
    case 'root-directory':
      return [`directory ${step.path} (${step.mode.toString(8).padStart(4, '0')})`]
    case 'software-user':
      return [`user ${step.name} for builds`]
    case 'partition-user':
      return [`user ${step.partition.user.name}`]
    case 'partition-directory':
      return [`directory ${step.partition.path} (0750)`]
    case 'range':
      return [`IPv6 range ${step.network}`]
    case 'release-range':
      return [`release IPv6 range ${step.network}`]
    case 'release-address':
      return [`release address ${step.address}/${step.prefixLength} on ${step.interface}`]
    case 'resource':
      return ['.slapos-resource']
    case 'remove-partition':
      return ['remove it: it is free and no longer configured']
  }
}

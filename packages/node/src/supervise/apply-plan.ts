import { fingerprint } from './definition.ts'
import type { ServiceDefinition } from './supervisor.ts'

export interface ApplyPlan {
  readonly remove: readonly ServiceDefinition[]
  /** Defined for the first time, or to be stopped and defined anew: order of the request kept. */
  readonly define: readonly { readonly definition: ServiceDefinition; readonly before: ServiceDefinition | undefined }[]
  /** The process stays; the definition is recorded. `signal` when its reloadable files changed. */
  readonly touch: readonly { readonly definition: ServiceDefinition; readonly change: TouchKind }[]
}

export type TouchKind = 'nothing' | 'shown' | 'reload' | 'up' | 'down'

/** What turns the present services of a partition into the wanted ones. Pure; the plan of a plan's result is empty. */
export function planApply(present: readonly ServiceDefinition[], wanted: readonly ServiceDefinition[]): ApplyPlan {
  const before = new Map(present.map((definition) => [definition.name, definition]))
  const names = new Set(wanted.map(({ name }) => name))
  const define: ApplyPlan['define'][number][] = []
  const touch: ApplyPlan['touch'][number][] = []
  for (const definition of wanted) {
    const old = before.get(definition.name)
    if (old === undefined || fingerprint(old) !== fingerprint(definition)) define.push({ definition, before: old })
    else touch.push({ definition, change: difference(old, definition) })
  }
  return { remove: present.filter(({ name }) => !names.has(name)), define, touch }
}

/** The most telling difference between two definitions of one process. */
function difference(old: ServiceDefinition, definition: ServiceDefinition): TouchKind {
  if (old.up !== definition.up) return definition.up ? 'up' : 'down'
  if (definition.reload && old.reload?.hash !== definition.reload.hash) return 'reload'
  return old.watch === definition.watch && old.reload?.signal === definition.reload?.signal ? 'nothing' : 'shown'
}

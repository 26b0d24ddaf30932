import type { Instance } from './instance.ts'

/**
 * The functions of a release, one for each software type. Each names the type of its own parameters:
 * `default(instance: Instance<MyParameters>) { ... }`; the request schema is what makes it true.
 */
export interface InstanceTypes {
  readonly [softwareType: string]: InstanceFunction<object>
}

/** Taken from a method, so that a function for narrower parameters fits. */
type InstanceFunction<P> = { bivariant(instance: Instance<P>): void | Promise<void> }['bivariant']

const MARK = Symbol.for('slapos.release.types')

export interface InstanceDefinition {
  readonly [MARK]: InstanceTypes
}

/** `export default defineInstance({ default(instance) { ... } })`. */
export function defineInstance(types: InstanceTypes): InstanceDefinition {
  return Object.freeze({ [MARK]: types })
}

/** For the runner: the functions inside what `instance.ts` exports, or undefined when it is something else. */
export function typesOf(exported: unknown): InstanceTypes | undefined {
  return isDefinition(exported) ? exported[MARK] : undefined
}

function isDefinition(value: unknown): value is InstanceDefinition {
  return typeof value === 'object' && value !== null && MARK in value
}

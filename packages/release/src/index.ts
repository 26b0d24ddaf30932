/**
 * Software releases: what they are written with (`sdk/`, `controller.ts`), what they are described by (manifest, plan),
 * and how the node and the author run them. Inside `instance.ts` the name `@slapos/release` means `sdk/` alone.
 */
export * from './check.ts'
export * from './copy-sdk.ts'
export * from './errors.ts'
export * from './load-release.ts'
export * from './manifest.ts'
export * from './manifest-schema.ts'
export * from './parameters.ts'
export * from './plan.ts'
export * from './plan-schema.ts'
export * from './run-instance.ts'
export * from './sdk/define.ts'
export * from './sdk/instance.ts'

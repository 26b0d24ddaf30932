export * from './manifest.ts'
export * from './plan.ts'

export type { CheckSurroundings, Outcome, PartitionContext } from './check.ts'
export * from './known-results.ts'
export * from './monitor.ts'
export * from './result-file.ts'

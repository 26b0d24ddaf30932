export { fixed } from './fixed.ts'
export { insertion, prepared } from './prepared.ts'
export type { Reader, Schema, Sql } from './schema.ts'
export { openStore, pendingMigrations, type Store } from './store.ts'

import type { Generated } from 'kysely'
export type IdentityTables = Record<never, never>

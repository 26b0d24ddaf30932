import type { Kysely, Transaction } from 'kysely'
import type { DomainTables } from './tables/domain.ts'
import type { IdentityTables } from './tables/identity.ts'
import type { PanelTables } from './tables/panel.ts'

/** Every table of `state.db`. Each owner keeps his own file under `tables/`. */
export interface Schema extends DomainTables, IdentityTables, PanelTables {}

/** Reads: never sees a transaction that is not committed. */
export type Reader = Kysely<Schema>
/** Inside `Store.tx`. */
export type Sql = Transaction<Schema>

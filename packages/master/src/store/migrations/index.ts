import type { Migration } from 'kysely'
import * as domain from './0001-domain.ts'
import * as identity from './0002-identity.ts'
import * as panel from './0003-panel.ts'
import * as bundledSchemas from './0004-bundled-schemas.ts'
import * as partitionCounts from './0005-partition-counts.ts'
import * as lists from './0006-lists.ts'
import * as hookSecrets from './0007-hook-secrets.ts'
import * as recoveryCodesAndFeeds from './0008-recovery-codes-and-feeds.ts'
import * as earlierVersions from './0009-earlier-versions.ts'

/** Append only: a migration that was released never changes; what comes next gets the next number. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-domain': domain,
  '0002-identity': identity,
  '0003-panel': panel,
  '0004-bundled-schemas': bundledSchemas,
  '0005-partition-counts': partitionCounts,
  '0006-lists': lists,
  '0007-hook-secrets': hookSecrets,
  '0008-recovery-codes-and-feeds': recoveryCodesAndFeeds,
  '0009-earlier-versions': earlierVersions,
}

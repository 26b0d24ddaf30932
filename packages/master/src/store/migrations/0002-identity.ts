import type { CreateTableBuilder, Kysely } from 'kysely'

type Columns = readonly (readonly [name: string, type: 'text' | 'bigint' | 'integer', nullable?: 'null'])[]

export async function up(db: Kysely<never>): Promise<void> {
  await certificates(db)
  await table(db, 'token', 'id', [
    ['hash', 'text'],
    ['hint', 'text'],
    ['purpose', 'text'],
    ['person', 'text'],
    ['project', 'text', 'null'],
    ['role', 'text', 'null'],
    ['created', 'bigint'],
    ['expires', 'bigint'],
    ['binding', 'text', 'null'],
    ['bound', 'bigint', 'null'],
    ['computer', 'text', 'null'],
    ['burnt', 'bigint', 'null'],
    ['revoked', 'bigint', 'null'],
  ])
  await db.schema.createIndex('token_hash').on('token').column('hash').unique().execute()
  await db.schema.createIndex('token_project').on('token').columns(['project', 'created']).execute()
  await db.schema.createIndex('token_person').on('token').columns(['person', 'created']).execute()
  await table(db, 'credential', 'person', [
    ['login', 'text'],
    ['password', 'text'],
    ['totp_secret', 'text', 'null'],
    ['totp_active', 'integer'],
    ['totp_step', 'bigint'],
    ['changed', 'bigint'],
  ])
  await db.schema.createIndex('credential_login').on('credential').column('login').unique().execute()
  await table(db, 'session', 'id', [
    ['hash', 'text'],
    ['csrf', 'text'],
    ['person', 'text'],
    ['created', 'bigint'],
    ['seen', 'bigint'],
    ['expires', 'bigint'],
    ['address', 'text'],
    ['user_agent', 'text'],
  ])
  await db.schema.createIndex('session_hash').on('session').column('hash').unique().execute()
  await db.schema.createIndex('session_person').on('session').column('person').execute()
  await table(db, 'api_token', 'id', [
    ['hash', 'text'],
    ['person', 'text'],
    ['title', 'text'],
    ['scope', 'text'],
    ['project', 'text', 'null'],
    ['created', 'bigint'],
    ['expires', 'bigint'],
    ['used', 'bigint', 'null'],
  ])
  await db.schema.createIndex('api_token_hash').on('api_token').column('hash').unique().execute()
  await db.schema.createIndex('api_token_person').on('api_token').column('person').execute()
}

async function certificates(db: Kysely<never>): Promise<void> {
  await table(db, 'certificate', 'fingerprint', [
    ['serial', 'text'],
    ['kind', 'text'],
    ['subject', 'text'],
    ['key_fingerprint', 'text'],
    ['issued', 'bigint'],
    ['expires', 'bigint'],
    ['contacted', 'bigint', 'null'],
    ['revoked', 'bigint', 'null'],
    ['replaces', 'integer'],
    ['token', 'text', 'null'],
  ])
  await db.schema.createIndex('certificate_subject').on('certificate').columns(['kind', 'subject']).execute()
  await table(db, 'instance_pair', 'instance', [
    ['fingerprint', 'text'],
    ['certificate', 'text'],
    ['private_key', 'text'],
  ])
}

function table(db: Kysely<never>, name: string, key: string, columns: Columns): Promise<void> {
  const first: CreateTableBuilder<string, string> = db.schema
    .createTable(name)
    .addColumn(key, 'text', (column) => column.primaryKey())
  return columns
    .reduce((built, [column, type, nullable]) => {
      return built.addColumn(column, type, (definition) => (nullable ? definition : definition.notNull()))
    }, first)
    .execute()
}

import { type CreateTableBuilder, type Kysely, sql } from 'kysely'

const text = 'text' as const
/** Moments, revisions and counts: 64 bits in both databases. */
const big = 'bigint' as const
const int = 'integer' as const

export async function up(db: Kysely<never>): Promise<void> {
  await tenancy(db)
  await machines(db)
  await services(db)
  await facts(db)
  for (const [name, value] of [
    ['revision', 0],
    ['change', 0],
    ['audit', 0],
    ['computer', -1], // the first machine of a cloud is COMP-0
    ['partition', 0],
    ['installation', 0],
    ['tree', 0],
    ['instance', 0],
    ['project', 0],
    ['person', 0],
    ['network', 0],
    ['product', 0],
    ['release', 0],
    ['consumption', 0],
  ] as const) {
    await sql`insert into counter (name, value) values (${name}, ${value})`.execute(db)
  }
}

async function tenancy(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await columns(
    schema.createTable('counter').addColumn('name', text, (c) => c.primaryKey()),
    [['value', big]],
  ).execute()
  await columns(
    schema.createTable('meta').addColumn('key', text, (c) => c.primaryKey()),
    [['value', text]],
  ).execute()
  await columns(keyed(schema.createTable('project')), [
    ['title', text],
    ['state', text],
    ['created_at', big],
    ['instance_count', int],
    ['slave_count', int],
  ]).execute()
  await columns(keyed(schema.createTable('person')), [
    ['name', text],
    ['email', text],
    ['operator', int],
    ['state', text],
    ['created_at', big],
  ]).execute()
  await columns(schema.createTable('membership'), [
    ['project_id', int],
    ['person_id', int],
    ['role', text],
    ['created_at', big],
  ])
    .addPrimaryKeyConstraint('membership_key', ['project_id', 'person_id'])
    .execute()
  await schema.createIndex('membership_person').on('membership').column('person_id').execute()
  await columns(keyed(schema.createTable('network')), [
    ['project_id', int],
    ['title', text],
    ['live', int],
  ]).execute()
}

async function machines(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await columns(keyed(schema.createTable('computer')), [
    ['project_id', int],
    ['title', text],
    ['live', int],
    ['scope', text],
    ['visibility', text],
    ['categories_json', text],
    ['revision', big],
    ['created_at', big],
  ])
    .addColumn('network_id', int)
    .addColumn('capacity', int)
    .execute()
  await sql`create unique index computer_title on computer (project_id, title) where live = 1`.execute(db)
  await columns(
    schema.createTable('computer_format').addColumn('computer_id', int, (c) => c.primaryKey()),
    [
      ['facts_json', text],
      ['digest', text],
      ['has_ipv6', int],
      ['formatted_at', big],
    ],
  ).execute()
  await columns(schema.createTable('computer_share'), [
    ['computer_id', int],
    ['project_id', int],
  ])
    .addPrimaryKeyConstraint('computer_share_key', ['computer_id', 'project_id'])
    .execute()
  await columns(
    schema.createTable('partition').addColumn('id', int, (c) => c.primaryKey()),
    [
      ['computer_id', int],
      ['reference', text],
      ['position', int],
      ['state', text],
      ['listed', int],
      ['ip_json', text],
      ['full_ip_json', text],
      ['capabilities_json', text],
      ['revision', big],
      ['own_revision', big],
      ['slaves_revision', big],
      ['touched', big],
      ['slaves_floor', big],
      ['slave_count', int],
    ],
  ).execute()
  await sql`create unique index partition_place on "partition" (computer_id, reference)`.execute(db)
  await sql`create index partition_touched on "partition" (computer_id, touched)`.execute(db)
  await sql`create index partition_free on "partition" (computer_id, capabilities_json, position)
            where state = 'free' and listed = 1`.execute(db)
  await columns(keyed(schema.createTable('installation')), [
    ['computer_id', int],
    ['url', text],
    ['state', text],
    ['live', int],
    ['revision', big],
    ['created_at', big],
  ]).execute()
  await sql`create unique index installation_place on installation (computer_id, url) where live = 1`.execute(db)
  await sql`create index installation_url on installation (url) where live = 1`.execute(db)
  await sql`create index installation_revision on installation (computer_id, revision)`.execute(db)
}

async function services(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await columns(keyed(schema.createTable('tree')), [
    ['project_id', int],
    ['title', text],
    ['state', text],
    ['live', int],
    ['root_id', int],
    ['created_at', big],
  ])
    .addColumn('person_id', int)
    .execute()
  await sql`create unique index tree_title on tree (project_id, title) where live = 1`.execute(db)
  await columns(keyed(schema.createTable('instance')), [
    ['tree_id', int],
    ['project_id', int],
    ['title', text],
    ['shared', int],
    ['release_url', text],
    ['software_type', text],
    ['parameters_json', text],
    ['filter_json', text],
    ['connection_json', text],
    ['state', text],
    ['live', int],
    ['revision', big],
    ['created_at', big],
    ['waiting_json', text],
  ])
    .addColumn('parent_id', int)
    .addColumn('partition_id', int)
    .addColumn('waiting_since', big)
    .addColumn('orphan_since', big)
    .execute()
  await sql`create unique index instance_title on instance (tree_id, title) where state <> 'destroyed'`.execute(db)
  await sql`create index instance_tree on instance (tree_id) where live = 1`.execute(db)
  await sql`create index instance_parent on instance (parent_id) where live = 1`.execute(db)
  // The database itself refuses a second instance on a partition.
  await sql`create unique index instance_partition on instance (partition_id)
            where partition_id is not null and shared = 0`.execute(db)
  await sql`create index instance_waiting on instance (id)
            where live = 1 and partition_id is null and state <> 'destroyed'`.execute(db)
  await sql`create index instance_orphan on instance (orphan_since) where orphan_since is not null`.execute(db)
  // Which hosts could serve a slave.
  await sql`create index instance_host on instance (release_url, software_type)
            where live = 1 and shared = 0 and partition_id is not null`.execute(db)
  await columns(schema.createTable('hosted_slave'), [
    ['partition_id', int],
    ['slave_id', int],
    ['revision', big],
    ['present', int],
  ])
    .addPrimaryKeyConstraint('hosted_slave_key', ['partition_id', 'slave_id'])
    .execute()
  await sql`create index hosted_slave_revision on hosted_slave (partition_id, revision)`.execute(db)
}

async function facts(db: Kysely<never>): Promise<void> {
  const { schema } = db
  await columns(
    schema.createTable('access_status').addColumn('reference', text, (c) => c.primaryKey()),
    [
      ['reporter', text],
      ['state', text],
      ['text', text],
      ['detail', text],
      ['created_at', big],
      ['since', big],
    ],
  ).execute()
  await columns(keyed(schema.createTable('product')), [
    ['title', text],
    ['description', text],
    ['created_at', big],
  ])
    .addColumn('project_id', int)
    .execute()
  await columns(
    schema.createTable('release').addColumn('id', int, (c) => c.primaryKey()),
    [
      ['product_id', int],
      ['url', text],
      ['version', text],
      ['created_at', big],
    ],
  ).execute()
  await sql`create unique index release_url on release (url)`.execute(db)
  await sql`create index release_product on release (product_id)`.execute(db)
  await columns(
    schema.createTable('description').addColumn('url', text, (c) => c.primaryKey()),
    [
      ['error', text],
      ['needs_ipv6', int],
      ['fetched_at', big],
    ],
  )
    .addColumn('description_json', text)
    .execute()
  await columns(schema.createTable('resource_limit'), [
    ['scope', text],
    ['reference', text],
    ['name', text],
    ['value', big],
  ])
    .addPrimaryKeyConstraint('resource_limit_key', ['scope', 'reference', 'name'])
    .execute()
  await columns(
    schema.createTable('outbox').addColumn('seq', big, (c) => c.primaryKey()),
    [
      ['kind', text],
      ['reference', text],
      ['revision', big],
      ['at', big],
    ],
  )
    .addColumn('computer', text)
    .addColumn('project', text)
    .addColumn('command_json', text)
    .addColumn('gone', int, (c) => c.notNull())
    .execute()
  await columns(
    schema.createTable('audit').addColumn('id', big, (c) => c.primaryKey()),
    [
      ['at', big],
      ['actor', text],
      ['via', text],
      ['action', text],
      ['target', text],
      ['detail_json', text],
    ],
  )
    .addColumn('project', text)
    .execute()
  await sql`create index audit_target on audit (target, id)`.execute(db)
  await sql`create index audit_project on audit (project, id)`.execute(db)
  await columns(
    schema.createTable('consumption').addColumn('id', big, (c) => c.primaryKey()),
    [
      ['computer_id', int],
      ['document', text],
      ['at', big],
    ],
  ).execute()
}

type Table = CreateTableBuilder<string, never>

/** A row with a number and a public reference, neither ever given twice. */
function keyed(table: CreateTableBuilder<string>): Table {
  return table
    .addColumn('id', int, (c) => c.primaryKey())
    .addColumn('reference', text, (c) => c.notNull().unique()) as unknown as Table
}

/** Columns that always hold a value. */
function columns(
  table: CreateTableBuilder<string, string> | Table,
  list: readonly (readonly [name: string, type: 'text' | 'bigint' | 'integer'])[],
): CreateTableBuilder<string, string> {
  return list.reduce<CreateTableBuilder<string, string>>(
    (built, [name, type]) => built.addColumn(name, type, (c) => c.notNull()),
    table as CreateTableBuilder<string, string>,
  )
}

import type { Compilable, CompiledQuery, DialectAdapter, Insertable } from 'kysely'
import type { Reader, Schema, Sql } from './schema.ts'

type Db = Reader | Sql

/** Stands for a value while a statement is built. */
class Slot {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/**
 * A statement that is built once for each database and then only run: for those that many requests need, building costs
 * more than running. `build` sees stand-ins, so it must not look at the values: it binds each of them as it is.
 */
export function prepared<V extends object, R>(build: (db: Db, value: Readonly<V>) => Compilable<R>) {
  const compiled = oncePerDatabase<CompiledQuery<R>>()
  return async (db: Db, values: Readonly<V>): Promise<readonly R[]> => {
    const statement = compiled(db, '', () => build(db, slots<V>()).compile())
    const given = new Map<unknown, unknown>(Object.entries(values))
    const parameters = statement.parameters.map((value) => (value instanceof Slot ? given.get(value.name) : value))
    return (await db.executeQuery<R>({ ...statement, parameters })).rows
  }
}

/** More rows at once are rare, and a statement of their own for each number would fill the memory. */
const MOST_ROWS = 16

/** The same for new rows, which all have the same columns. */
export function insertion<T extends keyof Schema>(table: T) {
  const compiled = oncePerDatabase<CompiledQuery>()
  return async (db: Db, rows: readonly Insertable<Schema[T]>[]): Promise<void> => {
    const insert = () => db.insertInto(table).values(rows).compile()
    const [first] = rows
    if (first === undefined) return
    const columns = Object.keys(first)
    if (rows.length > MOST_ROWS) return void (await db.executeQuery(insert()))
    const statement = compiled(db, `${rows.length} ${columns.join()}`, insert)
    const parameters = rows.flatMap((row) => {
      const values = new Map<string, unknown>(Object.entries(row))
      return columns.map((column) => values.get(column))
    })
    await db.executeQuery({ ...statement, parameters })
  }
}

/** What the builder reads of it is the stand-in of that name. */
function slots<V extends object>(): V {
  const get = (_: object, name: string | symbol) => new Slot(String(name))
  return new Proxy({}, { get }) as V // the stand-ins are never looked at, only bound
}

/** A transaction and the database that it belongs to have one adapter. */
function oncePerDatabase<T extends object>() {
  const known = new WeakMap<DialectAdapter, Map<string, T>>()
  return (db: Db, key: string, make: () => T): T => {
    const { adapter } = db.getExecutor()
    const ofDatabase = known.get(adapter) ?? new Map<string, T>()
    known.set(adapter, ofDatabase)
    const value = ofDatabase.get(key) ?? make()
    ofDatabase.set(key, value)
    return value
  }
}

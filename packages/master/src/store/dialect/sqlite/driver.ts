import type { DatabaseSync } from 'node:sqlite'
import { Mutex } from '@slapos/base'
import { CompiledQuery, type DatabaseConnection, type Driver } from 'kysely'
import { SqliteConnection } from './connection.ts'

/** One connection, handed to one user at a time: a transaction holds it until its end. */
export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync
  readonly #connection: SqliteConnection
  readonly #turns = new Mutex()
  #release: () => void = () => {}

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#connection = new SqliteConnection(database)
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return new Promise((resolve) => {
      void this.#turns.run(
        () =>
          new Promise<void>((done) => {
            this.#release = done
            resolve(this.#connection)
          }),
      )
    })
  }

  async releaseConnection(): Promise<void> {
    this.#release()
  }

  /** Takes the write lock at once, so that a transaction never fails half-way for want of it. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  /** A full disk makes SQLite roll back by itself: then there is nothing left to roll back. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }
}

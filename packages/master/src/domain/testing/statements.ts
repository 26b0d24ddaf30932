import { StatementSync } from 'node:sqlite'

/** Notes, in order, what every SQLite database of this process is asked, until it is disposed of. */
export class StatementLog implements Disposable {
  readonly #run = StatementSync.prototype.run
  readonly #all = StatementSync.prototype.all
  #said: string[] = []

  constructor() {
    const noting = <T extends (...values: never[]) => unknown>(method: T): T =>
      new Proxy(method, {
        apply: (target, statement: StatementSync, values) => {
          this.#said.push(statement.sourceSQL)
          return Reflect.apply(target, statement, values)
        },
      })
    StatementSync.prototype.run = noting(this.#run)
    StatementSync.prototype.all = noting(this.#all)
  }

  /** What the transactions of `work` were made of; what was read beside them is not counted. */
  async of(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.#said = []
    await work()
    let inside = false
    return this.#said.filter((sql) => {
      if (/^(begin|commit)/.test(sql)) inside = sql.startsWith('begin')
      else return inside
      return false
    })
  }

  [Symbol.dispose](): void {
    StatementSync.prototype.run = this.#run
    StatementSync.prototype.all = this.#all
  }
}

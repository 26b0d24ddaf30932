import { DatabaseSync } from 'node:sqlite'
import { makePrivate } from '@slapos/base'
import type { Contact, Questions, Recording } from './messages.ts'
import { type HistoryEntry, STEP_MS, type UsagePoint } from './telemetry.ts'

const MINUTE = 60_000
const RAW_USAGE_MS = 120 * MINUTE
const ROLLED_USAGE_MS = 7 * 24 * 60 * MINUTE
/** Lines kept of each log. */
const LOG_LINES = 5_000
/** Logs kept of each computer: the ones written last. */
const LOG_SOURCES = 500
const HISTORY_PER_COMPUTER = 5_000
const LINE_LENGTH = 4_096
const FORMAT = 2

/** `telemetry.db`: bounded, disposable. Synchronous: it lives in a worker thread. */
export class TelemetryDatabase {
  readonly #db: DatabaseSync
  readonly #rolled = new Map<string, number>()

  constructor(path: string) {
    makePrivate(path)
    this.#db = new DatabaseSync(path)
    // A lost power takes the last seconds of telemetry with it: nobody minds.
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    const found = this.#db.prepare('PRAGMA user_version').get()?.['user_version']
    if (found !== 0 && found !== FORMAT) this.#drop()
    this.#db.exec(SCHEMA)
  }

  close(): void {
    this.#db.close()
  }

  record(recordings: readonly Recording[]): void {
    this.#db.exec('BEGIN')
    try {
      for (const recording of recordings) this.#one(recording)
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  contacts(): Contact[] {
    return this.#db
      .prepare('SELECT computer, contact, address, version FROM node')
      .all()
      .map((row) => ({
        computer: String(row['computer']),
        contact: Number(row['contact']),
        address: String(row['address']),
        agentVersion: String(row['version']),
      }))
  }

  logs({ computer, source, offset, limit }: Questions['logs']['ask']): Questions['logs']['answer'] {
    const log = this.#db.prepare('SELECT next FROM log WHERE computer = ? AND source = ?').get(computer, source)
    const end = Number(log?.['next'] ?? 0)
    const first = offset < 0 ? Math.max(0, end + offset) : offset
    const rows = this.#db
      .prepare('SELECT place, line FROM line WHERE computer = ? AND source = ? AND place >= ? ORDER BY place LIMIT ?')
      .all(computer, source, first, limit)
    const start = Number(rows[0]?.['place'] ?? Math.min(first, end))
    const last = rows.at(-1)?.['place']
    return {
      offset: start,
      lines: rows.map((row) => String(row['line'])),
      next: last === undefined ? end : Number(last) + 1,
    }
  }

  logSources({ computer }: Questions['logSources']['ask']): Questions['logSources']['answer'] {
    return this.#db
      .prepare('SELECT source, at FROM log WHERE computer = ? ORDER BY source')
      .all(computer)
      .map((row) => ({ source: String(row['source']), at: Number(row['at']) }))
  }

  usage({ computer, partition, since }: Questions['usage']['ask']): UsagePoint[] {
    return this.#db
      .prepare(
        `SELECT at, cpu, memory, processes, disk FROM usage
         WHERE computer = ?1 AND partition = ?2 AND at >= ?3
         UNION ALL
         SELECT at, cpu, memory, processes, disk FROM rolled
         WHERE computer = ?1 AND partition = ?2 AND at >= ?3
           AND at < coalesce((SELECT min(at) FROM usage WHERE computer = ?1 AND partition = ?2), 9e15)
         ORDER BY at`,
      )
      .all(computer, partition, since)
      .map((row) => ({
        at: Number(row['at']),
        cpu: Number(row['cpu']),
        memory: Number(row['memory']),
        processes: Number(row['processes']),
        disk: row['disk'] === null ? null : Number(row['disk']),
      }))
  }

  history({ computer, partition, limit }: Questions['history']['ask']): HistoryEntry[] {
    return this.#db
      .prepare(
        `SELECT at, kind, partition, name, state, message FROM history
         WHERE computer = ?1 AND (?2 IS NULL OR partition = ?2) ORDER BY id DESC LIMIT ?3`,
      )
      .all(computer, partition, limit)
      .map((row) => ({
        at: Number(row['at']),
        kind: String(row['kind']) as HistoryEntry['kind'], // written below, from a HistoryEntry
        partition: String(row['partition']),
        name: String(row['name']),
        state: String(row['state']),
        message: String(row['message']),
      }))
  }

  past({ computer, since }: Questions['past']['ask']): Questions['past']['answer'] {
    const changes = this.#db
      .prepare(
        `SELECT max(at) AS at, kind, partition, name, state FROM history
         WHERE computer = ?1 AND kind IN ('promise', 'process') AND at < ?2 GROUP BY kind, partition, name
         UNION ALL
         SELECT at, kind, partition, name, state FROM history
         WHERE computer = ?1 AND kind IN ('promise', 'process') AND at >= ?2 ORDER BY at`,
      )
      .all(computer, since)
    const measured = this.#db
      .prepare(
        `SELECT at - at % ${STEP_MS} AS step FROM usage WHERE computer = ?1 AND partition = '' AND at >= ?2
         UNION SELECT at FROM rolled WHERE computer = ?1 AND partition = '' AND at >= ?2`,
      )
      .all(computer, since - STEP_MS)
    return {
      changes: changes.map((row) => ({
        at: Number(row['at']),
        kind: String(row['kind']) as HistoryEntry['kind'], // written below, from a HistoryEntry
        ...{ partition: String(row['partition']), name: String(row['name']), state: String(row['state']) },
      })),
      measured: measured.map((row) => Number(row['step'])),
    }
  }

  #one({ computer, at, contact, history = [], usage = [], logs = [], logBytes, forget }: Recording): void {
    if (forget) for (const table of TABLES) this.#db.prepare(`DELETE FROM ${table} WHERE computer = ?`).run(computer)
    if (contact) {
      this.#db
        .prepare('INSERT OR REPLACE INTO node (computer, contact, address, version) VALUES (?, ?, ?, ?)')
        .run(computer, at, contact.address, contact.agentVersion)
    }
    this.#writeHistory(computer, history)
    for (const log of logs) this.#writeLog(computer, at, log)
    if (logs.length > 0 && logBytes !== undefined) this.#keepBytes(computer, logBytes)
    const add = this.#db.prepare('INSERT OR REPLACE INTO usage VALUES (?, ?, ?, ?, ?, ?, ?)')
    for (const each of usage) {
      add.run(computer, each.partition, each.at, each.cpu, each.memoryBytes, each.processes, each.diskBytes ?? null)
    }
    if (usage.length > 0) this.#rollUp(computer, at)
  }

  #writeHistory(computer: string, entries: readonly HistoryEntry[]): void {
    if (entries.length === 0) return
    const add = this.#db.prepare(
      'INSERT INTO history (computer, at, kind, partition, name, state, message) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    for (const { at, kind, partition, name, state, message } of entries) {
      add.run(computer, at, kind, partition, name, state, message)
    }
    this.#db
      .prepare(
        `DELETE FROM history WHERE computer = ?1 AND id <=
         (SELECT id FROM history WHERE computer = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${HISTORY_PER_COMPUTER})`,
      )
      .run(computer)
  }

  /** Lines have places counted from the start of the source's life, so a repeated batch changes nothing. */
  #writeLog(computer: string, at: number, { source, offset, lines }: NonNullable<Recording['logs']>[number]): void {
    const known = this.#db.prepare('SELECT next FROM log WHERE computer = ? AND source = ?').get(computer, source)
    // The source began a new life (the node was reinstalled, the file started over).
    if (known !== undefined && offset + lines.length < Number(known['next']) - LOG_LINES) {
      this.#db.prepare('DELETE FROM line WHERE computer = ? AND source = ?').run(computer, source)
    }
    const add = this.#db.prepare('INSERT OR REPLACE INTO line (computer, source, place, line) VALUES (?, ?, ?, ?)')
    for (const [index, line] of lines.entries()) add.run(computer, source, offset + index, line.slice(0, LINE_LENGTH))
    const next = offset + lines.length
    this.#db
      .prepare('DELETE FROM line WHERE computer = ? AND source = ? AND (place < ? OR place >= ?)')
      .run(computer, source, next - LOG_LINES, next)
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO log (computer, source, next, at, bytes) VALUES (?1, ?2, ?3, ?4, ${SOURCE_BYTES})`,
      )
      .run(computer, source, next, at)
    if (known === undefined) this.#forgetOldLogs(computer)
  }

  /** The log that was written longest ago gives way first, its oldest lines before the newer. */
  #keepBytes(computer: string, most: number): void {
    const sum = this.#db.prepare('SELECT sum(bytes) AS bytes FROM log WHERE computer = ?').get(computer)
    let excess = Number(sum?.['bytes'] ?? 0) - most
    if (excess <= 0) return
    const logs = this.#db
      .prepare('SELECT source, bytes FROM log WHERE computer = ? AND bytes > 0 ORDER BY at, source')
      .all(computer)
    for (const { source = '', bytes } of logs) {
      if (excess <= 0) return
      // A little more than needed: the next lines then cost nothing.
      const cut = this.#db
        .prepare(
          `SELECT max(place) AS place FROM (SELECT place, sum(octet_length(line)) OVER (ORDER BY place) - octet_length(line)
           AS before FROM line WHERE computer = ? AND source = ?) WHERE before < ?`,
        )
        .get(computer, source, excess + most / 50)
      this.#db
        .prepare('DELETE FROM line WHERE computer = ? AND source = ? AND place <= ?')
        .run(computer, source, cut?.['place'] ?? 0)
      this.#db
        .prepare(`UPDATE log SET bytes = ${SOURCE_BYTES} WHERE computer = ?1 AND source = ?2`)
        .run(computer, source)
      excess -= Number(bytes)
    }
  }

  #forgetOldLogs(computer: string): void {
    const old = this.#db
      .prepare('SELECT source FROM log WHERE computer = ? ORDER BY at DESC LIMIT -1 OFFSET ?')
      .all(computer, LOG_SOURCES)
    for (const { source } of old) {
      this.#db.prepare('DELETE FROM log WHERE computer = ? AND source = ?').run(computer, source ?? '')
      this.#db.prepare('DELETE FROM line WHERE computer = ? AND source = ?').run(computer, source ?? '')
    }
  }

  /** Once per five minutes and computer: means of what is complete, then what is old goes. */
  #rollUp(computer: string, now: number): void {
    const bucket = now - (now % STEP_MS)
    if ((this.#rolled.get(computer) ?? 0) >= bucket) return
    this.#rolled.set(computer, bucket)
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO rolled
         SELECT computer, partition, at - at % ${STEP_MS}, avg(cpu), avg(memory), avg(processes), max(disk)
         FROM usage WHERE computer = ? AND at < ? GROUP BY partition, at - at % ${STEP_MS}`,
      )
      .run(computer, bucket)
    this.#db.prepare('DELETE FROM usage WHERE computer = ? AND at < ?').run(computer, bucket - RAW_USAGE_MS)
    this.#db.prepare('DELETE FROM rolled WHERE computer = ? AND at < ?').run(computer, bucket - ROLLED_USAGE_MS)
  }

  #drop(): void {
    for (const table of TABLES) this.#db.exec(`DROP TABLE IF EXISTS ${table}`)
  }
}

/** Of the lines of computer ?1, source ?2. */
const SOURCE_BYTES = `(SELECT coalesce(sum(octet_length(line)), 0) FROM line WHERE computer = ?1 AND source = ?2)`

const TABLES = ['node', 'history', 'log', 'line', 'usage', 'rolled'] as const

const SERIES = `computer TEXT NOT NULL, partition TEXT NOT NULL, at INTEGER NOT NULL, cpu REAL NOT NULL,
  memory REAL NOT NULL, processes REAL NOT NULL, disk REAL, PRIMARY KEY (computer, partition, at)`

const SCHEMA = `
PRAGMA user_version = ${FORMAT};
CREATE TABLE IF NOT EXISTS node (
  computer TEXT PRIMARY KEY, contact INTEGER NOT NULL, address TEXT NOT NULL, version TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS history (
  id INTEGER PRIMARY KEY, computer TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
  partition TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, message TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS history_computer ON history (computer, id);
CREATE TABLE IF NOT EXISTS log (
  computer TEXT NOT NULL, source TEXT NOT NULL, next INTEGER NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (computer, source)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS line (
  computer TEXT NOT NULL, source TEXT NOT NULL, place INTEGER NOT NULL, line TEXT NOT NULL,
  PRIMARY KEY (computer, source, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS usage (${SERIES}) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rolled (${SERIES}) WITHOUT ROWID;
`

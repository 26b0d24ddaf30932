/**
 * The node's logs, named as people know them: slapos-node-software.log and slapos-node-instance.log. What is written
 * is also given to who listens (a command that streams a pass, telemetry).
 */
import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { formatLogTime, type Logger, type LogLevel } from '@slapos/base'

export type LogSource = 'software' | 'instance' | 'format' | 'agent'

export interface LogLine {
  readonly source: LogSource
  /** Partition or release that it is about; empty: the node. */
  readonly about: string
  readonly level: LogLevel
  readonly message: string
  readonly at: Date
}

export interface NodeLogs {
  logger(source: LogSource, about?: string): Logger
  onLine(listener: (line: LogLine) => void): () => void
  close(): Promise<void>
}

const MOST_BYTES = 20 * 1024 * 1024

export function createNodeLogs(directory: string): NodeLogs {
  const listeners = new Set<(line: LogLine) => void>()
  const streams = new Map<LogSource, { stream: WriteStream; bytes: number }>()
  mkdirSync(directory, { recursive: true, mode: 0o755 })
  const path = (source: LogSource) => join(directory, `slapos-node-${source}.log`)

  const open = (source: LogSource) => {
    const stream = createWriteStream(path(source), { flags: 'a', mode: 0o640 })
    stream.on('error', () => {}) // a full disk must not end the agent; listeners still see the lines
    const opened = { stream, bytes: statSync(path(source), { throwIfNoEntry: false })?.size ?? 0 }
    streams.set(source, opened)
    return opened
  }
  const write = (line: LogLine) => {
    for (const listener of listeners) listener(line)
    let target = streams.get(line.source) ?? open(line.source)
    if (target.bytes > MOST_BYTES) {
      target.stream.end()
      try {
        renameSync(path(line.source), `${path(line.source)}.1`)
      } catch {
        // Somebody else rotated it.
      }
      target = open(line.source)
    }
    const text = `${formatFileLine(line)}\n`
    target.bytes += text.length
    target.stream.write(text)
  }

  return {
    logger(source, about = '') {
      const at = (level: LogLevel) => (message: string) => write({ source, about, level, message, at: new Date() })
      return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') }
    },
    onLine(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await Promise.all([...streams.values()].map(({ stream }) => new Promise<void>((done) => stream.end(done))))
    },
  }
}

/** `[2026-11-23 21:00:00,123] INFO     message`: the form of slapos.core's log files. */
export function formatFileLine({ at, level, message }: Pick<LogLine, 'at' | 'level' | 'message'>): string {
  const milliseconds = String(at.getMilliseconds()).padStart(3, '0')
  return `[${formatLogTime(at)},${milliseconds}] ${level.toUpperCase().padEnd(8)} ${message}`
}

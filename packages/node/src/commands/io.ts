import { createWriteStream, type WriteStream } from 'node:fs'
import { formatLogLine, type LogLevel } from '@slapos/base'
import { formatFileLine } from '../agent/logs.ts'

/** Where a command writes: asked data to `out`, everything else to `err`. */
export interface CommandIo {
  out(text: string): void
  err(text: string): void
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Options that every node command has. */
export interface CommonOptions {
  readonly cfg?: string
  readonly logFile?: string
  readonly verbose?: boolean
  readonly quiet?: boolean
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 }

export type ConsoleLog = ((level: LogLevel, message: string, name?: string) => void) & { close(): void }

/** Log lines in slapos.core's console form, and everything in the log file when one is named. */
export function consoleLog(io: CommandIo, { logFile, verbose, quiet }: CommonOptions): ConsoleLog {
  const least = quiet ? RANK.warning : verbose ? RANK.debug : RANK.info
  const file: WriteStream | undefined = logFile ? createWriteStream(logFile, { flags: 'a', mode: 0o640 }) : undefined
  file?.on('error', (error) => io.err(`cannot write ${logFile}: ${error.message}\n`))
  const write = (level: LogLevel, message: string, name = 'slapos') => {
    const at = new Date()
    if (RANK[level] >= least) io.err(`${formatLogLine(at, name, process.pid, level, message)}\n`)
    file?.write(`${formatFileLine({ at, level, message })}\n`)
  }
  return Object.assign(write, { close: () => void file?.end() })
}

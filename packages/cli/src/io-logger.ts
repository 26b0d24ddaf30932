import { formatLogLine, type Logger, type LogLevel } from '@slapos/base'
import type { Io } from './io.ts'

/** Log lines as every part of SlapOS writes them, on `err`. */
export function ioLogger(io: Io, name: string): Logger {
  const write = (level: LogLevel) => (message: string) =>
    io.err(`${formatLogLine(new Date(), name, process.pid, level, message)}\n`)
  return { debug() {}, info: write('info'), warning: write('warning'), error: write('error') }
}

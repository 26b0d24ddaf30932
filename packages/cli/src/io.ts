import { formatLogLine, type LogLevel } from '@slapos/base'

/** Where a command writes, and what it may know of its surroundings. Asked data goes to `out`, all else to `err`. */
export interface Io {
  out(text: string): void
  err(text: string): void
  readonly terminal: boolean
  readonly columns: number
  /** Only warnings and errors were wanted. */
  readonly quiet?: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

export const processIo: Io = Object.freeze({
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  terminal: process.stdout.isTTY === true && process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
  get columns() {
    return process.stdout.columns ?? 80
  },
  quiet: process.argv.some((word) => word === '-q' || word === '--quiet'),
  environment: process.env,
})

/**
 * Without this, a reader that has seen enough (`| head -1`) or a terminal that was closed would end us with a stack, in
 * the middle of whatever we do. What comes after is dropped.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    })
  }
}

/** A line in slapos.core's console form on `err`: `2020-09-22 17:36:01 slapos[20980] INFO ...`. */
export function log(io: Io, level: LogLevel, message: string): void {
  if (io.quiet && (level === 'info' || level === 'debug')) return
  io.err(`${formatLogLine(new Date(), 'slapos', process.pid, level, message)}\n`)
}

export type LogLevel = 'debug' | 'info' | 'warning' | 'error'

/** Where a part of the system says what it does. Implementations decide on format and target. */
export interface Logger {
  debug(message: string): void
  info(message: string): void
  warning(message: string): void
  error(message: string): void
}

export const silentLogger: Logger = Object.freeze({ debug() {}, info() {}, warning() {}, error() {} })

/**
 * The format of slapos.core's console: `2020-09-22 17:36:01 slapos[20980] INFO Updating computer`, local time.
 */
export function formatLogLine(date: Date, name: string, pid: number, level: LogLevel, message: string): string {
  return `${formatLogTime(date)} ${name}[${pid}] ${level.toUpperCase()} ${message}`
}

export function formatLogTime(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

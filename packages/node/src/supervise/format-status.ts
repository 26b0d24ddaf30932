import type { ServiceStatus } from './supervisor.ts'

/** What a line shows: services, and what is not one (the agent itself, as `watchdog`). */
export type StatusLine = Pick<ServiceStatus, 'title' | 'state' | 'since'> &
  Partial<Pick<ServiceStatus, 'pid' | 'exitCode' | 'partition' | 'name'>>

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * The lines of `slapos node status`, in supervisorctl's format: name padded to the longest (at least 30) and 3 more,
 * state padded to 10, description. Sorted by partition, then name, as plain text.
 */
export function formatStatus(lines: readonly StatusLine[], now: number): readonly string[] {
  const sorted = lines.toSorted((a, b) => compare(group(a), group(b)) || compare(a.title, b.title))
  const width = Math.max(30, ...sorted.map(({ title }) => title.length)) + 3
  return sorted.map((line) => `${line.title.padEnd(width)}${line.state.padEnd(10)}${describe(line, now)}`.trimEnd())
}

function describe(line: StatusLine, now: number): string {
  switch (line.state) {
    case 'RUNNING':
      return `pid ${line.pid ?? 0}, uptime ${uptime(now - line.since)}`
    case 'EXITED':
    case 'STOPPED':
      return line.since === 0 ? 'Not started' : moment(new Date(line.since))
    case 'FATAL':
    case 'BACKOFF':
      return line.exitCode === 126 || line.exitCode === 127 ? 'spawn error' : `unknown error (try "tail ${line.title}")`
    default:
      return ''
  }
}

/** `0:00:03`, `1 day, 2:03:04`. */
export function uptime(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const days = Math.floor(seconds / 86_400)
  const clock = `${Math.floor((seconds % 86_400) / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
  return days === 0 ? clock : `${days} day${days === 1 ? '' : 's'}, ${clock}`
}

/** `Nov 22 10:14 AM`, local time. */
function moment(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const hour = date.getHours() % 12 || 12
  const half = date.getHours() < 12 ? 'AM' : 'PM'
  return `${MONTHS[date.getMonth()] ?? ''} ${two(date.getDate())} ${two(hour)}:${two(date.getMinutes())} ${half}`
}

/** The group of a bare name is the name itself, as in supervisord. */
const group = ({ title }: StatusLine) => title.split(':', 1)[0] ?? title
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

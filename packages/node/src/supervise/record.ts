/** What run.sh and finish.sh wrote of a service (`scripts/common.sh` is the writer; `format=1`). */
export interface ServiceRecord {
  readonly phase: 'running' | 'backoff' | 'ended'
  readonly generation: string
  readonly pid: number
  /** Clock ticks between boot and the start of `pid`: with it, a pid is one process for ever. */
  readonly start: string
  readonly boot: string
  readonly cgroup: string | undefined
  readonly restarts: number
  /** `backoff`: seconds. */
  readonly delay: number
  /** `ended`: one of the two. */
  readonly exitCode: number | undefined
  readonly signal: number | undefined
  /** `ended`: it was asked to. */
  readonly asked: boolean
}

/** Undefined when there is nothing to read, or nothing that this version understands. */
export function parseRecord(text: string): ServiceRecord | undefined {
  const values = new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
  const phase = values.get('phase')
  if (values.get('format') !== '1' || (phase !== 'running' && phase !== 'backoff' && phase !== 'ended'))
    return undefined
  const text0 = (key: string) => values.get(key) ?? ''
  const number = (key: string) => (text0(key) === '' ? undefined : Number(text0(key)))
  return {
    phase,
    generation: text0('generation'),
    pid: number('pid') ?? 0,
    start: text0('start'),
    boot: text0('boot'),
    cgroup: text0('contained') === '' ? undefined : text0('contained'),
    restarts: number('restarts') ?? 0,
    delay: number('delay') ?? 0,
    exitCode: number('exit'),
    signal: number('signal'),
    asked: text0('asked') === '1',
  }
}

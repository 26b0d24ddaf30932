import { type Clock, type Logger, messageOf } from '@slapos/base'
import type { IndicatorContext } from '../indicator-context.ts'
import { Dirt } from './dirt.ts'
import type { Shelf } from './shelf.ts'
import { Survey, type Turn } from './survey.ts'
import type { Tenants } from './tenants.ts'

export type { Kind, Turn } from './survey.ts'

/**
 * The colour of everything, kept in memory and brought up to date from what changes: what is asked of it costs no
 * look at each service, and whoever wants to hear of turns hears of them only.
 */
export interface Board {
  readonly server: Shelf
  readonly installation: Shelf
  readonly service: Shelf
  readonly tenants: Pick<Tenants, 'sum'>
  /** Resolves when everything that changed until now is seen. */
  settled(): Promise<void>
  /** Not of what was already so when the Master started. */
  onTurn(listener: (turn: Turn) => void): () => void
  close(): Promise<void>
}

export interface BoardOptions extends IndicatorContext {
  readonly clock: Clock
  readonly logger: Logger
  readonly onChange: (listener: (change: { readonly kind: string; readonly reference: string }) => void) => () => void
  readonly onTelemetry: (listener: (change: TelemetryNews) => void) => () => void
}

interface TelemetryNews {
  readonly computer: string
  readonly kind: string
  readonly partitions: readonly string[]
}

/** Changes come in flocks. */
const GATHER_MS = 100
/** Some silences make no event: servers are looked at from time to time. */
const LOOK_MS = 30_000
const RETRY_MS = 5_000

export function createBoard(options: BoardOptions): Board {
  const { clock, logger } = options
  const listeners = new Set<(turn: Turn) => void>()
  const survey = new Survey(options, (turn) => {
    for (const listener of listeners) listener(turn)
  })
  const stop = new AbortController()
  let dirt = new Dirt()
  let due = false
  let work: Promise<void> = update()

  const ends = [
    options.onChange((change) => {
      dirt.changed(change)
      if (!dirt.empty) soon(GATHER_MS)
    }),
    options.onTelemetry(({ kind, computer, partitions }) => {
      if (kind !== 'facts' && kind !== 'contact') return
      dirt.reported(computer, partitions)
      soon(GATHER_MS)
    }),
  ]
  void look()

  return {
    ...{ server: survey.server, installation: survey.installation, service: survey.service },
    tenants: survey.tenants,
    settled() {
      if (!dirt.empty || !survey.loaded) work = work.then(update)
      return work
    },
    onTurn(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      stop.abort()
      for (const end of ends) end()
      await work
    },
  }

  /** Never fails: what could not be read now is read later. */
  async function update(): Promise<void> {
    if (stop.signal.aborted) return
    const now = dirt
    dirt = new Dirt()
    try {
      await survey.see(now)
    } catch (error) {
      dirt.add(now)
      logger.warning(`the colours of services could not be read, and are tried again: ${messageOf(error)}`)
      soon(RETRY_MS)
    }
  }

  function soon(ms: number): void {
    if (due) return
    due = true
    clock.sleep(ms, stop.signal).then(
      () => {
        due = false
        work = work.then(update)
      },
      () => {}, // closed
    )
  }

  async function look(): Promise<void> {
    while (!stop.signal.aborted) {
      await clock.sleep(LOOK_MS, stop.signal).catch(() => {})
      for (const id of survey.server.ids()) dirt.servers.add(id)
      soon(0)
    }
  }
}

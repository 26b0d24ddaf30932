import type { Clock, Logger } from '@slapos/base'
import type { NodeCommand } from '@slapos/slap'
import type { Cloud } from '../../domain/cloud.ts'
import type { Identity, Recorder } from '../../identity/index.ts'
import { outgoingPolicy } from '../../outgoing/index.ts'
import { createBoard, createQueries, readSubjects } from '../../queries/index.ts'
import type { Store } from '../../store/index.ts'
import type { TelemetryService } from '../../telemetry/index.ts'
import { createIdempotencyStore } from './idempotency-store.ts'
import { createSender, type MailOptions } from './notify/send.ts'
import { createNotificationTargets } from './notify/targets.ts'
import { watchIndicators } from './notify/watch.ts'
import type { PanelOptions } from './options.ts'
import { peopleOfCloud } from './people-of-cloud.ts'
import { telemetryOf } from './telemetry-of-service.ts'

export interface PanelParts {
  readonly store: Store
  readonly cloud: Cloud
  readonly identity: Identity
  readonly telemetry: TelemetryService
  readonly clock: Clock
  readonly logger: Logger
  readonly version: string
  readonly masterUrl: () => string
  readonly webUrl: () => string
  readonly joinCommand: PanelOptions['joinCommand']
  readonly secureCookies: boolean
  readonly events: PanelOptions['events']
  /** Tells a connected node to do something at once; nothing is kept for one that is not connected. */
  readonly command: (computer: string, command: NodeCommand) => void
  /** The store whose transactions tell what was recorded in them. */
  readonly recorded: { readonly store: Store; readonly record: Recorder }
  readonly tellPerson: (person: string) => void
  /** Web hooks may also go to addresses that are not public. */
  readonly allowPrivateHooks?: boolean
  /** When e-mail is to be sent. */
  readonly mail?: MailOptions
}

/** Options of `panelSurface` made from the parts of a Master; `close` stops the notifications. */
export function composePanel(parts: PanelParts): { readonly options: PanelOptions; close(): Promise<void> } {
  const { store, cloud, identity, telemetry, clock, logger, version, masterUrl, webUrl, joinCommand, secureCookies } =
    parts
  const indicators = { db: store.read, clock, facts: (computer: string) => telemetry.node(computer) }
  const board = createBoard({ ...indicators, logger, onChange: cloud.onChange, onTelemetry: telemetry.onChange })
  const context = { ...indicators, cloud, board }
  const queries = createQueries(context)
  const hooks = outgoingPolicy(parts.allowPrivateHooks ?? false, { schemes: ['https:', 'http:'] })
  const sender = createSender(parts.mail, hooks, clock)
  const targets = createNotificationTargets({ ...parts.recorded, clock, send: sender, changed: parts.tellPerson })
  const stopWatching = watchIndicators({
    ...{ board, store, targets, clock, logger, webUrl },
    subjects: (keys) => readSubjects(context, keys),
  })
  const options: PanelOptions = {
    cloud,
    identity,
    queries,
    telemetry: telemetryOf(telemetry, parts.command),
    people: peopleOfCloud(cloud, store),
    notifications: targets,
    idempotency: createIdempotencyStore(store, clock),
    clock,
    logger,
    version,
    masterUrl,
    webUrl,
    joinCommand,
    secureCookies,
    events: parts.events,
  }
  return {
    options,
    async close() {
      stopWatching()
      await targets.close()
      await board.close()
    },
  }
}

import { type Clock, type Logger, systemClock } from '@slapos/base'
import { openCatalogue } from '../catalog/cases.ts'
import type { Fetcher } from '../catalog/fetch.ts'
import type { Change, Cloud } from '../domain/cloud.ts'
import { createCloud } from '../domain/create-cloud.ts'
import { createConcerned, createEventHub, createVisibility, type EventHub } from '../events/index.ts'
import type { OpenedIdentity, ServerCertificate } from '../identity/index.ts'
import { createEnrolment, createIdentify, type Enrolment, type Identify, openIdentity } from '../identity/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { openTelemetry, type TelemetryService } from '../telemetry/index.ts'
import { type DataFiles, databaseUrl } from './data-directory.ts'
import { endWhatIsGone, endWhatWasGone } from './endings.ts'
import { createHealth, type Health } from './health.ts'
import { authorityCheck, backupCheck, databaseCheck, diskCheck, nodesCheck, telemetryCheck } from './health-checks.ts'
import { type RecordedStore, recordChanges } from './recorder.ts'

/** A Master without its listeners: what surfaces are made of, and what commands work on. */
export interface Core {
  readonly store: Store
  readonly cloud: Cloud
  readonly identity: OpenedIdentity
  readonly telemetry: TelemetryService
  readonly events: EventHub
  readonly enrolment: Enrolment
  readonly identify: Identify
  /** For what is kept beside the domain, and told as its changes are. */
  readonly recorded: RecordedStore
  readonly health: Health
  /** Absent without listeners. */
  readonly serverCertificate?: Pick<ServerCertificate, 'renew'>
  close(): Promise<void>
}

export interface CoreOptions {
  readonly files: DataFiles
  readonly database?: string
  readonly allowedReleaseRoots?: readonly string[]
  readonly allowPrivateReleases?: boolean
  readonly fetchRelease?: Fetcher
  readonly logger: Logger
  readonly clock?: Clock
}

export async function openCore(options: CoreOptions): Promise<Core> {
  const { files, logger, clock = systemClock } = options
  await using stack = new AsyncDisposableStack()
  const store = await openStore({ url: databaseUrl(files, options.database) })
  stack.defer(() => store.close())
  const telemetry = await openTelemetry({ path: files.telemetry, clock, logger })
  stack.defer(() => telemetry.close())
  const cloud: Cloud = alsoTelling(
    await createCloud({
      ...{ store, clock, logger },
      telemetry: {
        ingest: async (computer, batch) =>
          telemetry.receive(computer, batch, await cloud.limits.get('log_bytes', 'computer', computer)),
      },
      catalogue: openCatalogue(
        options.fetchRelease ?? {
          allowedRoots: options.allowedReleaseRoots ?? [],
          allowPrivate: options.allowPrivateReleases ?? false,
        },
      ),
    }),
    telemetry,
  )
  stack.defer(() => cloud.close())
  const visibility = createVisibility(store, clock)
  const events = createEventHub({ cloud, telemetry, visibility, concerned: createConcerned(store), clock, logger })
  stack.defer(() => events.close())
  const recorded = recordChanges(store, clock, () => cloud.epoch, announce)
  const identity = await openIdentity({ ...recorded, pkiDirectory: files.pki, clock, logger })
  stack.defer(() => identity.close())
  await endWhatWasGone(store, identity)
  const stop = cloud.onChange(endWhatIsGone(identity, telemetry, logger))
  stack.defer(stop)
  const health = createHealth()
  health.add('database', databaseCheck(store))
  health.add('disk', diskCheck(files))
  health.add('telemetry', telemetryCheck(telemetry))
  health.add('authority', authorityCheck(identity.authority, clock))
  health.add('backup', backupCheck(files, store, identity.authority, clock))
  health.add('nodes', nodesCheck(store, telemetry, clock))
  const resources = stack.move()
  return {
    ...{ store, cloud, identity, telemetry, events, health, recorded },
    enrolment: createEnrolment({
      ...identity,
      createComputer: async ({ person, project, title }) => {
        const input = project === undefined ? { title } : { title, project }
        return (await cloud.nodes.create({ kind: 'person', person, via: 'token' }, input)).computer
      },
    }),
    identify: createIdentify(identity.certificates, identity.peers, identity.apiTokens),
    close: () => resources.disposeAsync(),
  }

  function announce(change: Change): void {
    events.announce(change)
  }
}

/** The panel shows the last contact as it happens; the domain keeps it for statuses. */
function alsoTelling(cloud: Cloud, telemetry: TelemetryService): Cloud {
  return {
    ...cloud,
    nodes: {
      ...cloud.nodes,
      contacted(computer, observedAddress) {
        cloud.nodes.contacted(computer, observedAddress)
        telemetry.contacted(computer, observedAddress)
      },
    },
  }
}

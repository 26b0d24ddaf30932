import type { Clock, Logger } from '@slapos/base'
import type { Store } from '../store/index.ts'
import { auditCases } from './admin/audit.ts'
import { limitCases } from './admin/limits.ts'
import { networkCases } from './admin/networks.ts'
import type { CataloguePort } from './catalogue-port.ts'
import type { Cloud } from './cloud.ts'
import type { Domain } from './domain.ts'
import { readEpoch } from './epoch.ts'
import { instanceCases } from './instance/cases.ts'
import { instanceReads } from './instance/reads.ts'
import { computerCases } from './node/computers.ts'
import { consumptionCase } from './node/consumption.ts'
import { Contacts } from './node/contact.ts'
import { desiredCase } from './node/desired.ts'
import { documentCases } from './node/documents.ts'
import { formatCase } from './node/format.ts'
import { reportCases } from './node/reports.ts'
import { slaveCases } from './node/slaves.ts'
import { changesSince, lastNumber } from './outbox.ts'
import { peopleCases } from './people/people.ts'
import { projectCases } from './people/projects.ts'
import { positionOf } from './position.ts'
import { allocateWaiting } from './reconcile/allocate-waiting.ts'
import { collectOrphans, trim } from './reconcile/collect.ts'
import { Reconciler } from './reconcile/reconciler.ts'
import { demandCase } from './rights/demand.ts'
import { softwareCases } from './software/cases.ts'
import type { TelemetryPort } from './telemetry-port.ts'
import { Publisher } from './unit/publisher.ts'
import { createRunner } from './unit/runner.ts'

/** The safety pass: events do the work, this catches what was missed. */
const SAFETY_MS = 60_000

export interface CloudOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly telemetry?: TelemetryPort
  readonly catalogue: CataloguePort
  /** How long an instance without requester is kept, milliseconds. Default 15 minutes. */
  readonly orphanGraceMs?: number
}

export async function createCloud(options: CloudOptions): Promise<Cloud> {
  const { store, clock, logger, telemetry, orphanGraceMs } = options
  const epoch = await readEpoch(store)
  const publisher = new Publisher(logger)
  publisher.load(await store.read.selectFrom('computer').select(['reference', 'revision']).execute())
  const contacts = new Contacts(store, clock, logger, () => reconciler.poke())
  await contacts.load()
  const runner = createRunner(
    store,
    clock,
    publisher,
    () => epoch,
    () => reconciler.poke(),
  )
  const domain: Domain = { store, clock, logger, runner, publisher, contacts, telemetry, epoch: () => epoch }
  const pass = async () => {
    await collectOrphans(domain, orphanGraceMs)
    await allocateWaiting(domain)
  }
  const reconciler = new Reconciler(pass, SAFETY_MS, logger)
  const trimmer = new Reconciler(() => trim(domain), SAFETY_MS, logger)
  reconciler.poke()
  const { releases, ...catalogue } = options.catalogue(domain)

  return {
    epoch,
    demand: demandCase(domain),
    nodes: {
      ...computerCases(domain),
      ...formatCase(domain),
      ...documentCases(domain),
      ...desiredCase(domain),
      ...slaveCases(domain),
      ...reportCases(domain),
      ...consumptionCase(domain),
    },
    software: { ...softwareCases(domain), releases },
    instances: { ...instanceCases(domain), ...instanceReads(domain) },
    people: peopleCases(domain),
    projects: projectCases(domain),
    catalogue,
    networks: networkCases(domain),
    limits: limitCases(domain),
    audit: auditCases(domain),
    reconcile: () => reconciler.run(),
    changesSince: (since, limit) => changesSince(store.read, epoch, since, limit),
    position: async () => positionOf(epoch, await lastNumber(store.read)),
    onChange: (listener) => publisher.subscribe(listener),
    async close() {
      await reconciler.close()
      await trimmer.close()
      await contacts.close()
    },
  }
}

import { type Logger, messageOf } from '@slapos/base'
import type { Change } from '../domain/cloud.ts'
import type { OpenedIdentity } from '../identity/index.ts'
import type { Store } from '../store/index.ts'
import type { TelemetryService } from '../telemetry/index.ts'

/** What does not exist any more loses its certificates, log-in and telemetry at once. */
export function endWhatIsGone(identity: OpenedIdentity, telemetry: TelemetryService, logger: Logger) {
  const end = async ({ kind, reference }: Change): Promise<void> => {
    if (kind === 'instance') await identity.certificates.revokeSubject('instance', reference)
    if (kind === 'computer') {
      telemetry.forget(reference)
      await identity.certificates.revokeSubject('computer', reference)
    }
    if (kind === 'person') {
      await identity.credentials.remove(reference)
      await identity.certificates.revokeSubject('person', reference)
    }
  }
  return (change: Change): void => {
    if (!change.gone) return
    end(change).catch((error: unknown) => logger.error(`cannot end ${change.reference}: ${messageOf(error)}`))
  }
}

/** The same for what ended while no Master ran to hear of it. */
export async function endWhatWasGone(store: Store, identity: OpenedIdentity): Promise<void> {
  const gone = {
    instance: await store.read
      .selectFrom('certificate')
      .innerJoin('instance', 'instance.reference', 'certificate.subject')
      .select('subject')
      .where('certificate.kind', '=', 'instance')
      .where('certificate.revoked', 'is', null)
      .where('instance.live', '=', 0)
      .execute(),
    computer: await store.read
      .selectFrom('certificate')
      .innerJoin('computer', 'computer.reference', 'certificate.subject')
      .select('subject')
      .where('certificate.kind', '=', 'computer')
      .where('certificate.revoked', 'is', null)
      .where('computer.live', '=', 0)
      .execute(),
  }
  for (const { subject } of gone.instance) await identity.certificates.revokeSubject('instance', subject)
  for (const { subject } of gone.computer) await identity.certificates.revokeSubject('computer', subject)
}

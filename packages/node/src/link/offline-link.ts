import type { MasterLink } from './link.ts'
import type { Outcome } from './outcome.ts'

/** Stands in while no connection was made yet: everything answers with the reason. */
export function offlineLink(url: string, outcome: Exclude<Outcome<never>, { kind: 'ok' }>): MasterLink {
  const answer = async () => outcome
  return {
    kind: 'classic',
    url,
    desired: answer,
    slaves: answer,
    events: () => undefined,
    telemetry: answer,
    format: answer,
    software: answer,
    softwareError: answer,
    request: answer,
    publish: answer,
    publishSlaves: answer,
    report: answer,
    error: answer,
    bangInstance: answer,
    bang: answer,
    consumption: answer,
    close() {},
  }
}

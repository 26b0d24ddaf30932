import { EXIT } from '@slapos/base'
import type { ReleaseState } from '@slapos/slap'
import { type Io, log } from '../io.ts'
import { resolveRelease } from './release-url.ts'
import { type ClientOptions, openSession } from './session.ts'

/** `slapos supply` and `slapos remove`: wants a release on a node, or no longer. */
export async function supply(
  io: Io,
  software: string,
  computer: string,
  state: ReleaseState,
  options: ClientOptions,
): Promise<number> {
  using session = await openSession(io, options)
  const verb = state === 'available' ? 'installation' : 'removal'
  log(io, 'info', `Requesting software ${verb} of ${software}...`)
  await session.slap.supply(computer, await resolveRelease(session, software), state)
  log(io, 'info', 'Done.')
  return EXIT.ok
}

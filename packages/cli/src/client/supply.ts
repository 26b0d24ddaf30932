import { EXIT } from '@slapos/base'
import type { ReleaseState } from '@slapos/slap'
import { type Io, log } from '../io.ts'
import { resolveRelease } from './release-url.ts'
import { type ClientOptions, openSession } from './session.ts'
import { unreachable } from './unreachable.ts'

/** `slapos supply` and `slapos remove`: wants a release on a node, or no longer. */
export async function supply(
  io: Io,
  software: string,
  computer: string,
  state: ReleaseState,
  options: ClientOptions,
): Promise<number> {
  using session = await openSession(io, options)
  const wish =
    state === 'available' ? `software installation of ${software}` : `deletion of ${software} Software Release`
  log(io, 'info', `Requesting ${wish}...`)
  const release = await resolveRelease(session, software, { mustExist: state === 'available' })
  const doubt = state === 'available' ? unreachable(io, release) : undefined
  await session.slap.supply(computer, release, state)
  log(io, 'info', 'Done.')
  const reason = await doubt
  if (reason !== undefined) {
    log(
      io,
      'warning',
      `${release} cannot be fetched from here (${reason}). When ${computer} cannot either, its build fails: 'slapos remove ${release} ${computer}' takes it back.`,
    )
  }
  return EXIT.ok
}

import { access } from 'node:fs/promises'
import { type Clock, EXIT, systemClock } from '@slapos/base'
import { cliErrors } from '../errors.ts'
import { type Io, log } from '../io.ts'
import type { Home } from './home.ts'
import { localHome } from './local-home.ts'
import { holderOf, lockHome } from './lock.ts'
import { stopServices } from './stop-services.ts'

const SECONDS = 60

/** `slapos down`: ends the `slapos up` of that home, and the services that `--keep-services` left running. */
export async function down(io: Io, options: { readonly home?: string }): Promise<number> {
  const home = localHome(io.environment, options.home)
  if (!(await exists(home))) throw cliErrors.NO_CLOUD({ path: home.root })
  await endForeground(home)
  await using _lock = await lockHome(home)
  await stopServices(home)
  log(io, 'info', `The cloud of ${home.root} and its services are stopped; 'slapos up' brings them back.`)
  return EXIT.ok
}

/** As Ctrl-C in its terminal. */
async function endForeground(home: Home, clock: Clock = systemClock): Promise<void> {
  const pid = await holderOf(home)
  if (pid === undefined) return
  process.kill(pid, 'SIGTERM')
  const deadline = clock.monotonic() + SECONDS * 1000
  while ((await holderOf(home)) === pid) {
    if (clock.monotonic() > deadline) throw cliErrors.HOME_IN_USE({ path: home.root, pid })
    await clock.sleep(100)
  }
}

const exists = (home: Home): Promise<boolean> =>
  access(home.root).then(
    () => true,
    () => false,
  )

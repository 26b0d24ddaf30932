import { EXIT } from '@slapos/base'
import { type Io, log } from '../io.ts'
import { localHome } from './local-home.ts'
import { lockHome } from './lock.ts'
import { stopServices } from './stop-services.ts'

/** `slapos down`: stops the services that `slapos up --keep-services` left running. */
export async function down(io: Io, options: { readonly home?: string }): Promise<number> {
  const home = localHome(io.environment, options.home)
  await using _lock = await lockHome(home)
  await stopServices(home)
  log(io, 'info', `All services of ${home.root} are stopped; 'npm start' brings them back.`)
  return EXIT.ok
}

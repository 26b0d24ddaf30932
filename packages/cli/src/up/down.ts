import { join } from 'node:path'
import { EXIT } from '@slapos/base'
import { type Io, log } from '../io.ts'
import { checkout } from './checkout.ts'
import { homeAt } from './home.ts'
import { lockHome } from './lock.ts'
import { stopServices } from './stop-services.ts'

/** `slapos down`: stops the services that `slapos up --keep-services` left running. */
export async function down(io: Io, options: { readonly home?: string }): Promise<number> {
  const home = homeAt(options.home ?? io.environment['SLAPOS_HOME'] ?? join(checkout, 'var'))
  await using _lock = await lockHome(home)
  await stopServices(home)
  log(io, 'info', `All services of ${home.root} are stopped; 'npm start' brings them back.`)
  return EXIT.ok
}

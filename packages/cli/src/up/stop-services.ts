import { access } from 'node:fs/promises'
import { readConfig } from '@slapos/node'
import { openSupervisor } from '@slapos/node/agent/compose.ts'
import type { Home } from './home.ts'

/** Stops every service of the node, the loggers and the scanner. Definitions stay: the next start brings them back. */
export async function stopServices(home: Home): Promise<void> {
  const configuration = home.nodeConfiguration
  const configured = await access(configuration).then(
    () => true,
    () => false,
  )
  if (!configured) return
  await openSupervisor(await readConfig(configuration)).stopEverything()
}

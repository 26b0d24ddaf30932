import { once } from 'node:events'
import type { MasterOptions } from '../server/options.ts'
import { startMaster } from '../server/start.ts'
import { finish, type Output } from './output.ts'

/** `slapos master start`: stays in the foreground until SIGTERM or SIGINT, then ends cleanly. */
export const runMaster = (options: MasterOptions, output: Output, stop?: AbortSignal): Promise<number> =>
  finish(output, async () => {
    // From the beginning: who stops it while it starts wants it to end in order, too.
    const ending = [once(process, 'SIGTERM'), once(process, 'SIGINT')]
    if (stop) ending.push(once(stop, 'abort'))
    const master = await startMaster(options)
    output.out(`API    ${master.apiUrl}`)
    output.out(`Panel  ${master.panelUrl}`)
    await Promise.race(ending)
    await master.close()
    return undefined
  })

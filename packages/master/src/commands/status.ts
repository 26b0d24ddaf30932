import { EXIT, readVersioned } from '@slapos/base'
import { askRunning } from '../server/control.ts'
import { dataFiles } from '../server/data-directory.ts'
import { RUNNING_FORMAT } from '../server/start.ts'
import type { DataOptions } from './call.ts'
import { finish, type Output } from './output.ts'

/** `slapos master status`: exit code 0 when it runs, 1 when not. */
export const masterStatus = (options: DataOptions & { readonly json?: boolean }, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = dataFiles(options.dataDirectory)
    const known = await readVersioned(files.running, RUNNING_FORMAT)
    const answered = await askRunning(files, { name: 'listUsers', ask: {} })
    const running = answered !== undefined
    const { pid, api_url: api, web_url: web } = known ?? {}
    if (options.json) output.out(JSON.stringify({ running, ...(running ? { pid, api, web } : {}) }))
    else if (running) output.out(`master  RUNNING  pid ${pid}, API ${api}, panel ${web}`)
    else output.out('master  STOPPED')
    return running ? EXIT.ok : EXIT.failure
  })

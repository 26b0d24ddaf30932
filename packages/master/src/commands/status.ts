import { access } from 'node:fs/promises'
import { EXIT, readVersioned } from '@slapos/base'
import { askRunning } from '../server/control.ts'
import { dataFiles } from '../server/data-directory.ts'
import type { Finding } from '../server/health.ts'
import { RUNNING_FORMAT } from '../server/start.ts'
import type { DataOptions } from './call.ts'
import { finish, type Output, table } from './output.ts'

/** `slapos master status`: exit code 0 when it runs, 1 when not, 2 when something in it fails. */
export const masterStatus = (options: DataOptions & { readonly json?: boolean }, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = dataFiles(options.dataDirectory)
    const answered = await askRunning(files, { name: 'health', ask: {} })
    if (answered === undefined) {
      const prepared = await access(files.root).then(
        () => true,
        () => false,
      )
      if (options.json) output.out(JSON.stringify({ running: false, prepared }))
      else output.out(`master  ${prepared ? 'STOPPED' : 'ABSENT'}  ${adviceFor(options, prepared)}`)
      return EXIT.failure
    }
    const { pid, api_url: api, web_url: web } = (await readVersioned(files.running, RUNNING_FORMAT)) ?? {}
    const findings = answered.value as readonly Finding[] // the same program answers the same call
    if (options.json) output.out(JSON.stringify({ running: true, pid, api, web, findings }))
    else {
      output.out(`master  RUNNING  pid ${pid}, API ${api}, panel ${web}`)
      output.out('')
      table(
        output,
        ['PART', 'STATE', ''],
        findings.map(({ name, state, what }) => [name, WORDS[state], what]),
      )
      for (const { name, next } of findings) if (next !== '') output.out(`\n${name}: ${next}`)
    }
    return findings.some(({ state }) => state === 'failing') ? EXIT.partial : EXIT.ok
  })

/** Whether a Master that runs on the directory answers. */
export const masterRuns = async (dataDirectory: string): Promise<boolean> =>
  (await askRunning(dataFiles(dataDirectory), { name: 'health', ask: {} })) !== undefined

const WORDS = { ok: 'ok', warning: 'WARNING', failing: 'FAILING' } as const

const adviceFor = ({ dataDirectory }: DataOptions, prepared: boolean): string =>
  prepared
    ? `start it: slapos master start --data-directory ${dataDirectory}`
    : `there is none in ${dataDirectory}; make it: slapos master init --data-directory ${dataDirectory}`

import { masterFailure } from '@slapos/slap'
import { type Fields, fields, list, text } from '../client/json.ts'
import { findService } from '../client/services.ts'
import type { ClientSession } from '../client/session.ts'
import { waitUntil } from '../client/wait-until.ts'
import { cliErrors } from '../errors.ts'
import type { Progress, Say } from './progress.ts'

const TITLE = 'hello'
const MINUTES_10 = 600_000

/** Supplies the bundled release, requests an instance of it, and waits until it answers. */
export async function firstService(
  progress: Progress,
  session: ClientSession,
  computer: string,
  release: string,
): Promise<{ readonly title: string; readonly url: string }> {
  const releaseUrl = release
  await progress.step(
    'Software',
    (say) => build(session, computer, releaseUrl, say),
    () => 'helloworld is built',
  )
  const url = await progress.step(
    'Service',
    (say) => run(session, computer, releaseUrl, say),
    (found) => `${TITLE} answers at ${found}`,
  )
  return { title: TITLE, url }
}

async function build(session: ClientSession, computer: string, url: string, say: Say): Promise<void> {
  await session.slap.supply(computer, url, 'available')
  const built = await waitUntil(
    session,
    async () => {
      const rows = list(await session.get(`servers/${computer}/installations`))
      const row = rows.find((entry) => entry['url'] === url)
      if (row !== undefined) say(describeBuild(row))
      return fields(row?.['status'])['color'] === 'green' ? true : undefined
    },
    { timeoutMs: MINUTES_10 },
  )
  if (!built) throw notReady('the release helloworld', 'its build goes on', 600)
}

function describeBuild(row: Fields): string {
  const error = text(row['error'])
  if (error !== '') return `failed, will be tried again: ${error.split('\n')[0]}`
  const steps = Number(row['steps'] ?? 0)
  return steps > 0
    ? `helloworld, step ${text(row['step'])} of ${steps}: ${text(row['phase'])}`
    : 'helloworld, waiting for the node'
}

async function run(session: ClientSession, computer: string, releaseUrl: string, say: Say): Promise<string> {
  const ask = () =>
    session.slap.request({
      title: TITLE,
      releaseUrl,
      softwareType: 'default',
      parameters: {},
      filter: { computer_guid: computer },
      state: 'started',
      shared: false,
    })
  const existing = await findService(session, TITLE)
  // Somebody may have changed his first service since: then it is his, and we only show it.
  if (existing === undefined) await ask().catch(ignoreNotReady)
  const found = await waitUntil(
    session,
    async () => {
      const row = await findService(session, TITLE)
      const status = fields(row?.['status'])
      say(`${text(status['word'])} ${text(status['reason'])}`.trim())
      if (row === undefined || row['desired'] !== 'started') return row === undefined ? undefined : ''
      const service = fields(await session.get(`services/${text(row['reference'])}`))
      const url = list(fields(service['connection'])['parameters']).find((entry) => entry['key'] === 'url')
      const address = text(url?.['value'])
      return address !== '' && (await answers(address)) ? address : undefined
    },
    { timeoutMs: 120_000, safetyMs: 250 },
  )
  if (found === undefined) throw notReady(`service ${TITLE}`, `see 'slapos why ${TITLE}'`, 120)
  return found
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.body?.cancel()
      return response.ok
    },
    () => false,
  )
}

function ignoreNotReady(error: unknown): void {
  if (masterFailure(error) !== 'not-ready') throw error
}

const notReady = (what: string, why: string, seconds: number) =>
  cliErrors.NOT_READY_IN_TIME({ what, why, seconds, log: 'log/ in the home directory' })

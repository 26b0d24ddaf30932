import type { Static } from 'typebox'
import type { Status, Why } from '../api/panel/schemas/index.ts'
import type { Context } from './context.ts'
import type { Queries, Scope } from './queries.ts'
import { serverQueries } from './servers.ts'
import { serviceQueries, treeRows } from './services.ts'

type Explanation = Static<typeof Why>

/** One paragraph: what is so, why, since when, and what to do. */
export function whyQueries(context: Context): Pick<Queries, 'why'> {
  const servers = serverQueries(context)
  const services = serviceQueries(context)
  return {
    async why(scope, name) {
      if (/^COMP-\d+$/.test(name)) return server(scope, name)
      const reference = await referenceOf(scope, name)
      return reference === undefined ? undefined : service(scope, reference)
    },
  }

  async function referenceOf(scope: Scope, name: string): Promise<string | undefined> {
    if (/^SOFTINST-\d+$/.test(name)) return name
    const row = await treeRows(context, scope)
      .where('tree.title', '=', name)
      .orderBy('tree.id', 'desc')
      .executeTakeFirst()
    return row?.reference
  }

  async function server(scope: Scope, computer: string): Promise<Explanation | undefined> {
    const found = await servers.server(scope, computer)
    if (!found) return undefined
    const { title, status, partitions, busy } = found
    const advice =
      status.word === 'Never seen'
        ? 'Paste the line of its token on the machine, then run `slapos node format --now` there.'
        : status.color === 'red'
          ? 'Look whether the machine is on and reaches the Master; `slapos node status` on it says more. Its services go on running meanwhile.'
          : status.color === 'yellow'
            ? 'Open its processes to see which one and why.'
            : ''
    return {
      reference: computer,
      title,
      status,
      text: paragraph(`The server ${title} (${computer}) is ${sentence(status)}`, advice),
      facts: [{ label: 'Partitions in use', value: `${busy} / ${partitions}` }],
    }
  }

  async function service(scope: Scope, reference: string): Promise<Explanation | undefined> {
    const found = await services.service(scope, reference)
    if (!found) return undefined
    const { title, status, desired, instances, releaseUrl, computer } = found
    const parts = instances
      .filter((instance) => instance.status.color === 'red' || instance.status.color === 'yellow')
      .slice(0, 5)
      .map((instance) => `${instance.title} (${instance.reference}) is ${sentence(instance.status)}`)
    const others =
      instances.length > 1 && parts.length > 0 ? `Of its ${instances.length} instances, ${parts.join('; ')}.` : ''
    const text = paragraph(
      `${title} was asked to be ${desired} and is ${sentence(status, lasting(status, context.clock.now()))}`,
      others,
      adviceFor(status, releaseUrl),
    )
    return {
      reference: found.reference,
      title,
      status,
      text,
      facts: [
        { label: 'Asked', value: desired },
        { label: 'Release', value: releaseUrl },
        { label: 'Server', value: computer ?? 'none yet' },
      ],
    }
  }
}

function adviceFor(status: Status, releaseUrl: string): string {
  if (status.color === 'green') return 'Nothing is to be done.'
  if (status.word === 'Waiting for a place') {
    return /lacks|release|software/.test(status.reason)
      ? `Supply ${releaseUrl} to a server: it is allocated by itself then.`
      : 'It is placed by itself as soon as a server fits.'
  }
  if (status.word.startsWith('Waiting')) return 'It goes on by itself.'
  if (status.word === 'unhealthy')
    return 'Its promises and logs show what is wrong; it is neither rebuilt nor restarted for that.'
  if (status.color === 'red') return 'The instance log shows the whole message; it is tried again by itself.'
  return ''
}

const sentence = (status: Status, lasts = ''): string =>
  `${status.word.toLowerCase()}${lasts}${status.reason === '' ? '' : `: ${status.reason}`}`
const paragraph = (...parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ')

function lasting(status: Status, now: number): string {
  if (status.since === null) return ''
  const seconds = Math.max(0, Math.round((now - status.since) / 1000))
  if (seconds < 90) return ` for ${seconds} seconds`
  if (seconds < 5400) return ` for ${Math.round(seconds / 60)} minutes`
  if (seconds < 172_800) return ` for ${Math.round(seconds / 3600)} hours`
  return ` for ${Math.round(seconds / 86_400)} days`
}

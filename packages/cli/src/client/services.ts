import { EXIT } from '@slapos/base'
import { unwrapJson } from '@slapos/slap'
import { type Io, log } from '../io.ts'
import { allPages } from './all-pages.ts'
import { type Fields, fields, list, text } from './json.ts'
import { type ClientOptions, type ClientSession, openSession } from './session.ts'
import { formatTable } from './table.ts'

/** `slapos service list`. */
export async function listServices(io: Io, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  const services = await allPages(session, 'services', { sort: 'title' })
  if (options.json) {
    io.out(`${JSON.stringify(services, null, 2)}\n`)
    return EXIT.ok
  }
  if (services.length === 0) log(io, 'info', 'No service yet. Request one: slapos request TITLE RELEASE')
  else
    io.out(
      formatTable(
        ['title', 'state', 'status', 'server', 'release'],
        services.map(row),
        io.terminal ? io.columns : undefined,
      ),
    )
  return EXIT.ok
}

function row(service: Fields): string[] {
  const status = fields(service['status'])
  return [
    text(service['title']),
    text(service['desired']),
    text(status['word']),
    text(service['computer']) || '-',
    text(service['releaseUrl']),
  ]
}

/** `slapos service info TITLE`: JSON, with the keys of the existing client. Exit 2 when there is none. */
export async function serviceInfo(io: Io, title: string, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  const found = await findService(session, title)
  if (found === undefined) {
    log(io, 'warning', `Instance ${title} does not exist.`)
    return EXIT.partial
  }
  const service = fields(await session.get(`services/${encodeURIComponent(text(found['reference']))}`))
  const connection = list(fields(service['connection'])['parameters'])
    .filter((entry) => entry['value'] !== null)
    .map((entry) => [text(entry['key']), text(entry['value'])])
  io.out(
    `${JSON.stringify(
      {
        'software-url': service['releaseUrl'],
        'software-type': service['softwareType'],
        shared: service['shared'],
        'requested-state': service['desired'],
        'instance-parameters': parametersOf(service),
        'connection-parameters': Object.fromEntries(connection),
        status: WORDS[text(fields(service['status'])['color'])] ?? 'none',
      },
      null,
      2,
    )}\n`,
  )
  return EXIT.ok
}

/** The words of the existing client: all is well, nothing is, some of it, and nobody knows. */
const WORDS: Readonly<Record<string, string>> = { green: 'green', red: 'red', yellow: 'orange', blue: 'orange' }

function parametersOf(service: Fields): unknown {
  const texts = Object.entries(fields(service['parameters'])).map(([key, value]) => [key, text(value)])
  return unwrapJson(Object.fromEntries(texts))
}

/** The service of exactly that title, or of that reference. */
export async function findService(session: ClientSession, title: string): Promise<Fields | undefined> {
  const candidates = await allPages(session, 'services', { q: title })
  return candidates.find((item) => item['title'] === title) ?? candidates.find((item) => item['reference'] === title)
}

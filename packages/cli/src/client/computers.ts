import { EXIT } from '@slapos/base'
import { type Io, log } from '../io.ts'
import { allPages } from './all-pages.ts'
import { fields, text } from './json.ts'
import { type ClientOptions, openSession } from './session.ts'

/** `slapos computer list`, printed as the existing client does. */
export async function listComputers(io: Io, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  const servers = await allPages(session, 'servers', { sort: 'title' })
  if (options.json) io.out(`${JSON.stringify(servers, null, 2)}\n`)
  else if (servers.length === 0) io.out('No existing computer.\n')
  else {
    io.out('List of Computers:\n')
    for (const server of servers) io.out(`${text(server['computer'])} ${text(server['title'])}\n`)
  }
  return EXIT.ok
}

/** `slapos computer info COMP-n`. Exit 2 when there is none. */
export async function computerInfo(io: Io, reference: string, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  const servers = await allPages(session, 'servers', { q: reference })
  const found = servers.find((server) => server['computer'] === reference || server['title'] === reference)
  if (found === undefined) {
    log(io, 'warning', `Computer ${reference} does not exist.`)
    return EXIT.partial
  }
  if (options.json) io.out(`${JSON.stringify(found, null, 2)}\n`)
  else {
    const status = fields(found['status'])
    io.out(`Computer Reference: ${text(found['computer'])}\n`)
    io.out(`Computer Title    : ${text(found['title'])}\n`)
    const reason = text(status['reason'])
    io.out(`Computer Status   : ${text(status['word'])}${reason && ` (${reason})`}\n`)
    io.out(`Partitions        : ${text(found['busy'])} of ${text(found['partitions'])} in use\n`)
  }
  return EXIT.ok
}

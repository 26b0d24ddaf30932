import { EXIT } from '@slapos/base'
import type { Io } from '../io.ts'
import { fields, list, text } from './json.ts'
import { type ClientOptions, openSession } from './session.ts'
import { formatTable } from './table.ts'

/** What single-use tokens bring: another node of the project, or another client of the person. */
export type TokenKind = 'computer' | 'client'

/** `slapos computer token`: a single-use token, and the line that makes a machine a node with it. */
export async function computerToken(io: Io, options: ClientOptions & { readonly hours?: number }): Promise<number> {
  using session = await openSession(io, options)
  const hours = options.hours === undefined ? {} : { hours: options.hours }
  const issued = fields(await session.post('tokens', hours))
  return show(io, options, issued, 'Computer token', 'On the new machine, as root')
}

/** `slapos client token`: a single-use token, and the line that makes another client of this person with it. */
export async function clientToken(io: Io, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  return show(io, options, fields(await session.post('client-tokens', {})), 'Client token', 'On the other machine')
}

/** `slapos computer token list`, `slapos client token list`: newest first. */
export async function listTokens(io: Io, kind: TokenKind, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  const tokens = list(await session.get(PATHS[kind]))
  if (options.json) io.out(`${JSON.stringify(tokens, null, 2)}\n`)
  else if (tokens.length === 0) io.out('No token.\n')
  else {
    const rows = tokens.map((token) => [
      ...[text(token['id']), text(token['title']), text(token['state'])],
      new Date(Number(token['expires'])).toISOString().slice(0, 16).replace('T', ' '),
      text(token['computer']),
    ])
    io.out(formatTable(['ID', 'BEGINS', 'STATE', 'EXPIRES (UTC)', ...(kind === 'computer' ? ['NODE'] : [])], rows))
  }
  return EXIT.ok
}

/** `slapos computer token revoke ID`, `slapos client token revoke ID`. */
export async function revokeToken(io: Io, kind: TokenKind, id: string, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  await session.delete(`${PATHS[kind]}/${encodeURIComponent(id)}`)
  io.out(`Token ${id} is revoked.\n`)
  return EXIT.ok
}

const PATHS: Readonly<Record<TokenKind, string>> = { computer: 'tokens', client: 'client-tokens' }

function show(io: Io, options: ClientOptions, issued: ReturnType<typeof fields>, what: string, where: string): number {
  if (options.json) io.out(`${JSON.stringify(issued, null, 2)}\n`)
  else {
    io.out(`${what}: ${text(issued['token'])}\n`)
    const command = text(issued['command'])
    if (command !== '') io.err(`\n${where}:\n  ${command}\n`)
  }
  return EXIT.ok
}

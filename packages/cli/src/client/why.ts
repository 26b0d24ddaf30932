import { EXIT } from '@slapos/base'
import { masterFailure } from '@slapos/slap'
import { type Io, log } from '../io.ts'
import { fields, list, text } from './json.ts'
import { findService } from './services.ts'
import { type ClientOptions, openSession } from './session.ts'

/** `slapos why TITLE`: one paragraph on why a service, or a node (`COMP-n`), is as it is. */
export async function why(io: Io, title: string, options: ClientOptions): Promise<number> {
  using session = await openSession(io, options)
  const reference = /^COMP-\d+$/.test(title) ? title : text((await findService(session, title))?.['reference'])
  const found = reference === '' ? undefined : await session.get(`why/${reference}`).catch(ifKnown)
  if (found === undefined) {
    log(io, 'warning', `${reference === '' ? 'Instance' : 'Computer'} ${title} does not exist.`)
    return EXIT.partial
  }
  const answer = fields(found)
  if (options.json) {
    io.out(`${JSON.stringify(answer, null, 2)}\n`)
    return EXIT.ok
  }
  io.out(`${wrap(text(answer['text']), Math.min(io.columns, 100))}\n`)
  const facts = list(answer['facts']).map((fact) => [text(fact['label']), text(fact['value'])] as const)
  const width = Math.max(0, ...facts.map(([label]) => label.length))
  if (facts.length > 0) io.out('\n')
  for (const [label, value] of facts) io.out(`  ${label.padEnd(width)}  ${value}\n`)
  return EXIT.ok
}

function ifKnown(error: unknown): undefined {
  if (masterFailure(error) !== 'not-found') throw error
}

function wrap(paragraph: string, columns: number): string {
  const lines = ['']
  for (const word of paragraph.split(/\s+/)) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join('\n')
}

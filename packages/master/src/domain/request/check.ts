import { type InstanceRequest, isRepresentable } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Sql } from '../../store/index.ts'
import { canonical } from '../dictionary.ts'
import { checkLimit } from '../limits.ts'
import { parseSla, type Sla } from '../sla.ts'

export const TITLE_LIMIT = 200
const URL_LIMIT = 2000

/** Throws unless the text can name something and travel in XML. */
export function checkTitle(title: string): void {
  const refuse = (reason: string) => masterErrors.TITLE_INVALID({ title: JSON.stringify(title.slice(0, 60)), reason })
  if (title.trim() === '') throw refuse('it is empty')
  if (title.length > TITLE_LIMIT) throw refuse(`it is longer than ${TITLE_LIMIT} characters`)
  if (!isRepresentable(title) || /[\r\n\t]/.test(title)) throw refuse('it holds control characters')
}

/** What does not depend on what exists already. */
export async function checkRequest(tx: Sql, request: InstanceRequest, project: string): Promise<Sla> {
  checkTitle(request.title)
  checkText('the software release', request.releaseUrl, URL_LIMIT)
  checkText('the software type', request.softwareType, TITLE_LIMIT)
  if (!['started', 'stopped', 'destroyed'].includes(request.state)) {
    throw masterErrors.VALUE_INVALID({
      name: 'the state',
      reason: `${request.state} is not started, stopped or destroyed`,
    })
  }
  for (const dictionary of [request.parameters, request.filter]) {
    for (const [key, value] of Object.entries(dictionary)) {
      if (!isRepresentable(key) || !isRepresentable(value)) {
        throw masterErrors.VALUE_INVALID({
          name: `the parameter ${JSON.stringify(key)}`,
          reason: 'it holds control characters',
        })
      }
    }
  }
  await checkLimit(tx, 'parameter_bytes', 'project', project, Buffer.byteLength(canonical(request.parameters)))
  return parseSla(request.filter)
}

function checkText(name: string, text: string, most: number): void {
  if (text.trim() === '') throw masterErrors.VALUE_INVALID({ name, reason: 'it is empty' })
  if (text.length > most) throw masterErrors.VALUE_INVALID({ name, reason: `it is longer than ${most} characters` })
  if (!isRepresentable(text)) throw masterErrors.VALUE_INVALID({ name, reason: 'it holds control characters' })
}

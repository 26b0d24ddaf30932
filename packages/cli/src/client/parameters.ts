import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { readInstanceXml, type Serialisation, type TextDictionary, wrapParameters } from '@slapos/slap'
import { cliErrors } from '../errors.ts'
import { fields } from './json.ts'

/**
 * Instance parameters from a file: `.json` is wrapped as the release wants it, `.xml` (as the panel shows it) is taken
 * as it is.
 */
export async function parametersFromFile(path: string, serialisation: Serialisation): Promise<TextDictionary> {
  const refuse = (reason: string, cause?: unknown) => cliErrors.PARAMETERS_FILE({ path, reason }, cause)
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw refuse(error.message, error)
  })
  if (extname(path) === '.xml') {
    return Object.fromEntries(Object.entries(readInstanceXml(text)).map(([key, value]) => [key, value ?? '']))
  }
  if (extname(path) !== '.json' && extname(path) !== '') throw refuse(`${extname(path)} files are not read`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('it does not hold a JSON object')
  const { $schema: _schema, ...parameters } = fields(value)
  return wrapParameters(parameters, serialisation)
}

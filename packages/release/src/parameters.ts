import { messageOf } from '@slapos/base'
import { releaseErrors } from './errors.ts'
import type { ReleaseForm } from './load-release.ts'

/**
 * The parameters of the wire (texts only) as the JSON that the request schema describes: json-in-xml packs it under
 * `_`, xml has one text a key. Nothing is validated here: that is done beside `instance.ts`, in the sandbox.
 */
export function parametersFromWire(
  form: Pick<ReleaseForm, 'serialisation' | 'type'>,
  texts: Readonly<Record<string, string>>,
  title = 'the instance',
): unknown {
  const { _: packed, ...plain } = texts
  if (form.serialisation === 'xml' || packed === undefined) return plain
  if (packed.trim() === '') return {}
  try {
    return JSON.parse(packed)
  } catch (error) {
    const reason = `"_" is not JSON: ${messageOf(error)}`
    throw releaseErrors.PARAMETERS_INVALID({ title, type: form.type, reason }, error)
  }
}

/** Connection parameters for the wire: json-in-xml under `_` for that serialisation, else texts (JSON where not text). */
export function connectionToWire(
  form: Pick<ReleaseForm, 'serialisation'>,
  connection: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  if (form.serialisation === 'json-in-xml' && Object.values(connection).some((value) => typeof value !== 'string')) {
    return { _: JSON.stringify(connection) }
  }
  return Object.fromEntries(
    Object.entries(connection).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

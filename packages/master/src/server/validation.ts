import { Ajv, type Options } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

/** Input is refused or taken as it is: the usual defaults would drop fields and change types without a word. */
const STRICT: Options = {
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: true,
  allErrors: false,
  strict: false,
}

/** Validates bodies strictly; what arrives as text (query, path, headers) is read as the type that the schema says. */
export function validateInput(app: FastifyInstance): void {
  const bodies = new Ajv(STRICT)
  const texts = new Ajv({ ...STRICT, coerceTypes: 'array' })
  for (const ajv of [bodies, texts]) formats.default(ajv)
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? bodies : texts).compile(schema))
}

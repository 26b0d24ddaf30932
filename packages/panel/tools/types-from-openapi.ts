/** Turns the OpenAPI document of the panel API into the `paths` type that openapi-fetch reads. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }
type Schema = { readonly [key: string]: Json | undefined }

export function typesFromOpenApi(document: unknown): string {
  const root = asObject(document)
  const schemas = Object.entries(asObject(asObject(root['components'])['schemas']))
  const types = schemas.map(([name, schema]) => `export type ${name} = ${shapeOf(asObject(schema))}\n`)
  const paths = Object.entries(asObject(root['paths'])).map(([path, item]) => {
    const operations = Object.entries(asObject(item)).map(
      ([method, operation]) => `    ${method}: ${operationType(asObject(operation))}`,
    )
    return `  ${JSON.stringify(path)}: {\n${operations.join('\n')}\n  }`
  })
  return [
    '// Generated from the schemas of the panel API by `npm run generate -w @slapos/panel`. Do not edit.\n',
    ...types,
    `export interface paths {\n${paths.join('\n')}\n}\n`,
  ].join('\n')
}

function operationType(operation: Schema): string {
  const parameters = asArray(operation['parameters']).map(asObject)
  const group = (place: string) => {
    const fields = parameters
      .filter((parameter) => parameter['in'] === place)
      .map((parameter) => {
        const optional = parameter['required'] === true ? '' : '?'
        return `${JSON.stringify(parameter['name'])}${optional}: ${typeOf(asObject(parameter['schema']))}`
      })
    const optional = fields.every((field) => field.includes('"?:')) ? '?' : ''
    return fields.length === 0 ? `${place}?: never` : `${place}${optional}: { ${fields.join('; ')} }`
  }
  const body = operation['requestBody'] === undefined ? undefined : content(asObject(operation['requestBody']))
  const answer = content(asObject(asObject(operation['responses'])['200']))
  return [
    '{',
    `      parameters: { ${group('query')}; ${group('path')}; header?: Record<string, string>; cookie?: never }`,
    body === undefined
      ? '      requestBody?: never'
      : `      requestBody: { content: { 'application/json': ${typeOf(body)} } }`,
    `      responses: { 200: { content: { 'application/json': ${typeOf(answer ?? {})} } } }`,
    '    }',
  ].join('\n')
}

const content = (holder: Schema): Schema | undefined => {
  const json = asObject(holder['content'])['application/json']
  return json === undefined ? undefined : asObject(asObject(json)['schema'])
}

function typeOf(schema: Schema): string {
  const ref = schema['$ref']
  return typeof ref === 'string' ? ref.slice(ref.lastIndexOf('/') + 1) : shapeOf(schema)
}

function shapeOf(schema: Schema): string {
  const choices = asArray(schema['anyOf'])
  if (choices.length > 0) return choices.map((choice) => typeOf(asObject(choice))).join(' | ')
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema['const'])
  switch (schema['type']) {
    case 'string':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return `(${typeOf(asObject(schema['items']))})[]`
    case 'object':
      return objectType(schema)
    default:
      return 'unknown'
  }
}

function objectType(schema: Schema): string {
  const patterns = Object.values(asObject(schema['patternProperties']))
  const others = schema['additionalProperties']
  if (typeof others === 'object') patterns.push(others)
  if (patterns[0] !== undefined) return `Readonly<Record<string, ${typeOf(asObject(patterns[0]))}>>`
  const required = new Set(asArray(schema['required']))
  const fields = Object.entries(asObject(schema['properties'])).map(([name, value]) => {
    const optional = required.has(name) ? '' : '?'
    return `  readonly ${JSON.stringify(name)}${optional}: ${typeOf(asObject(value))}`
  })
  return fields.length === 0 ? 'Readonly<Record<string, unknown>>' : `{\n${fields.join('\n')}\n}`
}

function asObject(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}

const asArray = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : [])

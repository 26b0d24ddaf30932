import { readFileSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

export interface SchemaSource {
  readonly schema: Readonly<Record<string, unknown>>
  readonly schemaPath: string
  /** References are followed inside this directory only. */
  readonly release: string
  readonly coerce: boolean
}

export type Validated = { readonly value: unknown } | { readonly reason: string }

/** Compiles a JSON schema (draft-07 or 2020-12); throws when it is not one. */
export function compileSchema({ schema, schemaPath, release, coerce }: SchemaSource, checkSchema = false) {
  const root = { ...schema, $id: pathToFileURL(schemaPath).href }
  const Dialect = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07') ? Ajv : Ajv2020
  const ajv = new Dialect({
    useDefaults: true,
    coerceTypes: coerce,
    // `textarea` and other hints for forms are not errors; a meta schema costs half of the whole run.
    strict: false,
    validateSchema: checkSchema,
    meta: checkSchema,
    addUsedSchema: false,
    logger: false,
  })
  addFormats.default(ajv)
  for (const [path, content] of referenced(root, schemaPath, release)) {
    ajv.addSchema({ ...content, $id: pathToFileURL(path).href })
  }
  const validate = ajv.compile(root)
  return (value: unknown): Validated => {
    if (validate(value)) return { value }
    const lines = (validate.errors ?? []).slice(0, 3).map(({ instancePath, message = 'is not valid', params }) => {
      const extra = 'additionalProperty' in params ? ` (${params.additionalProperty})` : ''
      const allowed = 'allowedValues' in params ? ` (${JSON.stringify(params.allowedValues)})` : ''
      return `${instancePath === '' ? 'the document' : instancePath.slice(1).replaceAll('/', '.')} ${message}${extra}${allowed}`
    })
    return { reason: lines.join('; ') }
  }
}

/** The schema files that a schema refers to, and those that they refer to. */
function referenced(root: Readonly<Record<string, unknown>>, path: string, release: string) {
  const found = new Map<string, Readonly<Record<string, unknown>>>()
  const visit = (value: unknown, from: string): void => {
    if (Array.isArray(value)) {
      for (const entry of value) visit(entry, from)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, entry] of Object.entries(value)) {
        if (key === '$ref' && typeof entry === 'string') follow(entry, from)
        else visit(entry, from)
      }
    }
  }
  const follow = (reference: string, from: string): void => {
    const [file = ''] = reference.split('#')
    if (file === '') return
    if (/^[a-z][a-z0-9+.-]*:/i.test(file) && !file.startsWith('file:')) {
      throw new Error(`$ref ${reference} is remote; only files of the release can be referred to`)
    }
    const target = file.startsWith('file:') ? fileURLToPath(file) : resolve(dirname(from), decodeURIComponent(file))
    if (!target.startsWith(release + sep)) throw new Error(`$ref ${reference} leads out of the release`)
    if (target === path || found.has(target)) return
    const content: unknown = JSON.parse(readFileSync(target, 'utf8'))
    if (typeof content !== 'object' || content === null) throw new Error(`$ref ${reference} is not a JSON object`)
    found.set(target, { ...content })
    visit(content, target)
  }
  visit(root, path)
  return found
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import fastify from 'fastify'
import { declared } from './declared.ts'
import { openApiDocument } from './openapi.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly security?: readonly object[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: object }>> }>>
}

test('the document is valid OpenAPI 3.1, and every reference in it leads somewhere', async () => {
  const document = await openApiDocument()
  const validator = new Validator()
  const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(document)))
  assert.equal(valid, true, JSON.stringify(errors))
  assert.equal(validator.version, '3.1')
  const { components } = document as { components: { schemas: Record<string, unknown> } }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)]
  assert.ok(references.length > 100)
  for (const [, name = ''] of references) assert.ok(name in components.schemas, name)
})

test('every operation says what it does, who may, what it answers, and how a refusal looks', async () => {
  const { paths } = (await openApiDocument()) as { paths: Record<string, Record<string, Operation>> }
  const ids = new Set<string>()
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, { operationId = '', summary = '', security, responses }] of Object.entries(item)) {
      const name = `${method} ${path}`
      assert.ok(operationId !== '' && !ids.has(operationId), name)
      ids.add(operationId)
      assert.ok(summary !== '' && security !== undefined, name)
      assert.ok(Object.keys(responses['200']?.content ?? {}).length > 0, `${name} answers something`)
      assert.ok(responses['default'], name)
      assert.equal('401' in responses, security.length > 0, name)
      if (path.includes('{')) assert.ok('404' in responses, name)
    }
  }
})

test('a route that does not declare what it needs keeps the Master from starting', async () => {
  const app = fastify()
  app.addHook('onRoute', declared)
  assert.throws(() => app.get('/open-by-mistake', () => 'secret'), /open-by-mistake does not declare/)
})

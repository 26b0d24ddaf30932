import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorsOf } from './problems.ts'

const said = (schema: object, value: unknown) =>
  errorsOf({ properties: { it: schema } }, { it: value }).map(({ stack }) => stack.replace('it: ', ''))

test('every refusal of a schema is said in words, none in those of a library', () => {
  const refusals: readonly (readonly [object, unknown, string])[] = [
    [{ type: 'integer' }, 'x', 'must be a whole number'],
    [{ type: ['number', 'null'] }, 'x', 'must be a number or nothing'],
    [{ minimum: 1 }, 0, 'must be at least 1'],
    [{ maximum: 1 }, 2, 'must be at most 1'],
    [{ exclusiveMinimum: 1 }, 1, 'must be more than 1'],
    [{ exclusiveMaximum: 1 }, 1, 'must be less than 1'],
    [{ multipleOf: 512 }, 600, 'must be a multiple of 512'],
    [{ minLength: 2 }, 'x', 'must have at least 2 characters'],
    [{ maxLength: 2 }, 'xxx', 'must have at most 2 characters'],
    [{ minItems: 2 }, [1], 'must have at least 2 entries'],
    [{ maxProperties: 0 }, { a: 1 }, 'must have at most 0 entries'],
    [{ uniqueItems: true }, [1, 1], 'must not have the same entry twice'],
    [{ contains: { const: 1 } }, [2], 'lacks an entry that is needed'],
    [{ pattern: '^a' }, 'b', 'must match the pattern ^a'],
    [{ format: 'uri' }, 'b b', 'must be written as uri'],
    [{ enum: ['a', 1] }, 'b', 'must be one of a, 1'],
    [{ const: 'a' }, 'b', 'must be "a"'],
    [{ not: { const: 'b' } }, 'b', 'must not be so'],
    [{ dependentRequired: { a: ['b', 'c'] } }, { a: 1 }, 'needs b, c beside a'],
    [{ prefixItems: [{}], unevaluatedItems: false }, [1, 2], 'has entries that are not foreseen'],
  ]
  for (const [schema, value, words] of refusals) assert.equal(said(schema, value).at(-1), words, JSON.stringify(schema))
})

test('a property that is missing or not foreseen is named, by its title when it has one', () => {
  const schema = {
    properties: {
      nodes: {
        title: 'Nodes',
        patternProperties: { '.*': { properties: { w: { title: 'Weight', type: 'number' } }, required: ['w'] } },
      },
      list: { type: 'array', items: { properties: { host: { $ref: '#/$defs/host' } } } },
    },
    $defs: { host: { title: 'Host', type: 'string' } },
    allOf: [{ properties: { foreseen: true } }],
    unevaluatedProperties: false,
  }
  const said = errorsOf(schema, { nodes: { 'n.1': {} }, list: [{ host: 1 }], foreseen: 1, odd: 1 }).map((e) => e.stack)
  assert.deepEqual(said.sort(), [
    'Nodes › n.1 › Weight: is required',
    'list › 1 › Host: must be a text',
    'odd: is not a known parameter',
  ])
})

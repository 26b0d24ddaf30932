import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Check } from 'typebox/schema'
import { bundleSchema } from './bundle-schema.ts'
import { describeRelease } from './describe.ts'
import { schemaLibrary } from './schema-library.ts'

const HOME = 'https://releases.example.org/raw/1.0/software/demo/'

/** A web of files; what is not listed is not there. */
function web(files: Readonly<Record<string, unknown>>) {
  const asked: string[] = []
  const fetcher = async (url: string) => {
    asked.push(url)
    const content = files[url.replace(HOME, '')]
    return content === undefined ? undefined : typeof content === 'string' ? content : JSON.stringify(content)
  }
  return { fetcher, asked }
}

const bundle = (files: Readonly<Record<string, unknown>>, main = 'main.json') =>
  bundleSchema(HOME + main, schemaLibrary(`${HOME}software.cfg.json`, web(files).fetcher))

const accepts = (schema: unknown, value: unknown): boolean => {
  assert.ok(typeof schema === 'boolean' || (typeof schema === 'object' && schema !== null))
  return Check(schema, value)
}

describe('schemas in one piece', () => {
  it('files beside, above and of parts become definitions; each is asked for once', async () => {
    const files = web({
      'main.json': {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: 'https://published.example.org/main.json',
        allOf: [{ $ref: './machine.json#/$defs/size' }, { $ref: 'machine.json#/' }],
        properties: { disk: { $ref: '../common/disk.json' } },
        $defs: { machine: { type: 'string' } },
      },
      'machine.json': {
        $schema: 'http://json-schema.org/draft-07/schema#',
        properties: { name: { $ref: '#/definitions/a%20name' }, size: { $ref: '../common/disk.json#bytes' } },
        definitions: { 'a name': { type: 'string', minLength: 2 } },
        $defs: { size: { required: ['size'] } },
      },
      [`${HOME.replace('demo/', 'common/disk.json')}`]: {
        type: 'object',
        properties: { bytes: { $anchor: 'bytes', type: 'integer' } },
      },
    })
    const schema = await bundleSchema(`${HOME}main.json`, schemaLibrary(`${HOME}software.cfg.json`, files.fetcher))
    assert.deepEqual(schema, {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      allOf: [{ $ref: '#/$defs/machine-2/$defs/size' }, { $ref: '#/$defs/machine-2' }],
      properties: { disk: { $ref: '#/$defs/disk' } },
      $defs: {
        machine: { type: 'string' },
        disk: { type: 'object', properties: { bytes: { type: 'integer' } } },
        'machine-2': {
          properties: {
            name: { $ref: '#/$defs/machine-2/definitions/a%20name' },
            size: { $ref: '#/$defs/disk/properties/bytes' },
          },
          definitions: { 'a name': { type: 'string', minLength: 2 } },
          $defs: { size: { required: ['size'] } },
        },
      },
    })
    assert.equal(new Set(files.asked).size, files.asked.length)
    assert.equal(accepts(schema, { size: 3, name: 'ab', disk: { bytes: 1 } }), true)
    assert.equal(accepts(schema, { name: 'ab' }), false)
    assert.equal(accepts(schema, { size: 3, name: 'a' }), false)
  })

  it('cycles, inside a file and between files, stay cycles', async () => {
    const schema = await bundle({
      'main.json': { type: 'object', properties: { child: { $ref: 'other.json#/properties/up' } } },
      'other.json': { properties: { up: { $ref: 'main.json' }, list: { items: { $ref: '#' } } } },
    })
    assert.equal(accepts(schema, { child: { child: {} } }), true)
    assert.equal(accepts(schema, { child: { child: 1 } }), false)
  })

  it('a reference among names adds the names of the other file, own ones win, whatever depends on it comes along', async () => {
    const schema = await bundle({
      'main.json': {
        properties: { $ref: './base.json#/properties', port: { type: 'integer' } },
        additionalProperties: false,
      },
      'base.json': {
        properties: { host: { $ref: '#/$defs/host' }, port: { type: 'string' } },
        $defs: { host: { type: 'string' } },
      },
    })
    assert.equal(accepts(schema, { host: 'a', port: 1 }), true)
    assert.equal(accepts(schema, { host: 1 }), false)
    assert.equal(accepts(schema, { port: 'a' }), false)
  })

  it('what only looks like a reference is left alone', async () => {
    const main = {
      default: { $ref: 'none.json' },
      enum: [{ $ref: 'none.json' }],
      properties: {
        $ref: { type: 'string' },
        default: { const: { $id: 'x', $ref: 'none.json' } },
        $id: { type: 'null' },
      },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
      patternProperties: { '.*': { if: { const: 1 }, then: { oneOf: [true, { textarea: true }] } } },
    }
    assert.deepEqual(await bundle({ 'main.json': main }), main)
    assert.equal(await bundle({ 'main.json': true }), true)
  })

  const hostile: Readonly<Record<string, [Readonly<Record<string, unknown>>, RegExp]>> = {
    'another host': [
      { 'main.json': { $ref: 'https://elsewhere.example/x.json' } },
      /elsewhere\.example.*releases\.example\.org only/,
    ],
    'another protocol': [{ 'main.json': { $ref: 'http://releases.example.org/x.json' } }, /is at http:/],
    'the disk of the Master': [{ 'main.json': { $ref: 'file:///etc/passwd' } }, /the disk of the Master/],
    'a missing file': [{ 'main.json': { $ref: 'none.json' } }, /none\.json cannot be used: it does not exist/],
    'a missing part': [{ 'main.json': { $ref: '#/definitions/none' } }, /#\/definitions\/none leads to nothing/],
    'a missing anchor': [{ 'main.json': { $ref: '#none' } }, /#none leads to nothing/],
    'an inherited name': [{ 'main.json': { $ref: '#/constructor' } }, /leads to nothing/],
    'names without end': [
      { 'main.json': { properties: { $ref: '#/$defs/a' }, $defs: { a: { $ref: '#/$defs/a' } } } },
      /has no end/,
    ],
    'no JSON': [{ 'main.json': '{' }, /is not JSON/],
    'no schema': [{ 'main.json': [1] }, /not a JSON schema/],
    'an endless chain of files': [
      Object.fromEntries(
        Array.from({ length: 200 }, (_, n) => [n === 0 ? 'main.json' : `${n}.json`, { $ref: `${n + 1}.json` }]),
      ),
      /more than 100 schema files/,
    ],
    'a deep file': [{ 'main.json': `${'{"not":'.repeat(5000)}{}${'}'.repeat(5000)}` }, /nested deeper/],
    'large files': [
      {
        'main.json': { allOf: [{ $ref: 'a.json' }, { $ref: 'b.json' }, { $ref: 'c.json' }] },
        ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.json`, { title: name.repeat(1_900_000) }])),
      },
      /larger than 4000000/,
    ],
    'a few names that unfold to millions': [
      {
        'main.json': {
          properties: { $ref: '#/$defs/0' },
          $defs: Object.fromEntries(
            Array.from({ length: 26 }, (_, n) => {
              const next = n < 25 ? { properties: { $ref: `#/$defs/${n + 1}` } } : {}
              return [n, { a: next, b: next }]
            }),
          ),
        },
      },
      /more than 50000 values/,
    ],
  }
  for (const [name, [files, reason]] of Object.entries(hostile)) {
    it(`refuses ${name}`, () => assert.rejects(bundle(files), { code: 'SCHEMA_REFUSED', message: reason }))
  }
})

describe('descriptions of existing releases', () => {
  const response = { type: 'object', properties: { url: { title: 'Address', format: 'uri' } } }

  it('forms, slaves, serialisations and the order that the reference lists', async () => {
    const { fetcher, asked } = web({
      'software.cfg.json': {
        name: 'Content Network',
        serialisation: 'json-in-xml',
        'software-type': {
          default: { title: 'Default', index: 3, request: 'input.json', response: 'output.json' },
          'edge-slave': {
            title: 'Edge (Slave)',
            'software-type': 'edge',
            shared: true,
            serialisation: 'xml',
            index: 1,
            request: 'slave-input.json',
            response: 'output.json',
          },
          edge: { title: 'Edge', index: 2, request: 'input.json', response: 'output.json' },
          'simple-edge': {
            title: 'Edge',
            'software-type': 'edge',
            index: 2,
            request: 'input.json',
            response: 'gone.json',
          },
          unplaced: { title: 'Unplaced', request: 'https://elsewhere.example/x.json', response: 'output.json' },
          last: { title: 'Internal', index: 10_000, request: 'input.json', response: 'output.json' },
        },
      },
      'input.json': {
        $schema: 'http://json-schema.org/draft-06/schema',
        type: 'object',
        allOf: [
          { properties: { nodes: { patternProperties: { '.*': { $ref: 'node.json#/' } }, type: 'object' } } },
          { oneOf: [{ required: ['nodes'] }, { $ref: '#/definitions/alone' }] },
        ],
        if: { properties: { tls: { const: true } }, required: ['tls'] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
        then: { required: ['certificate'] },
        definitions: { alone: { required: ['alone'] } },
      },
      'node.json': { type: 'object', properties: { state: { enum: ['started', 'stopped'], default: 'started' } } },
      'slave-input.json': { type: 'object', properties: {} },
      'output.json': response,
    })
    const release = await describeRelease(`${HOME}software.cfg?branch=1`, fetcher, 5)
    assert.deepEqual(
      release.types.map(({ id, softwareType, shared, serialisation }) => [id, softwareType, shared, serialisation]),
      [
        ['edge-slave', 'edge', true, 'xml'],
        ['edge', 'edge', false, 'json-in-xml'],
        ['simple-edge', 'edge', false, 'json-in-xml'],
        ['default', 'default', false, 'json-in-xml'],
        ['unplaced', 'unplaced', false, 'json-in-xml'],
        ['last', 'last', false, 'json-in-xml'],
      ],
    )
    const [slave, edge, simple, , unplaced] = release.types
    assert.deepEqual([slave?.response, slave?.problem], [response, null])
    assert.equal(accepts(edge?.request, { nodes: { one: { state: 'stopped' } } }), true)
    assert.equal(accepts(edge?.request, { nodes: { one: { state: 'gone' } } }), false)
    assert.equal(accepts(edge?.request, { alone: 1, tls: true }), false)
    assert.equal(simple?.response, null)
    assert.match(simple?.problem ?? '', /gone\.json cannot be used: it does not exist/)
    assert.equal(unplaced?.request, null)
    assert.match(unplaced?.problem ?? '', /elsewhere\.example/)
    assert.equal(new Set(asked).size, asked.length, 'each file is fetched once for the whole release')
    assert.equal(
      asked.some((url) => url.includes('elsewhere')),
      false,
    )
  })
})

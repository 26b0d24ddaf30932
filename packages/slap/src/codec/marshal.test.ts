import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { marshal } from './marshal.ts'
import { compareCodePoints } from './text.ts'
import { unmarshal } from './unmarshal.ts'
import { ObjectValue, Tuple, type Value } from './value.ts'

const golden = new URL('../golden/', import.meta.url)
const vectors: readonly { case: string; value: unknown; xml: string }[] = JSON.parse(
  readFileSync(new URL('30-marshal-vectors.json', golden), 'utf8'),
)

describe('the marshalled encoding', () => {
  for (const { case: name, value, xml } of vectors) {
    it(`writes and reads: ${name}`, () => {
      // JSON has no int that large.
      const expected = name.includes('10**24') ? 10n ** 24n : fromJson(value)
      assert.equal(marshal(expected), xml)
      assert.equal(marshal(unmarshal(xml)), xml)
      if (typeof value !== 'number') assert.deepEqual(unmarshal(xml), expected)
    })
  }

  it('writes again, byte for byte, every recorded answer', () => {
    for (const name of RECORDED) {
      const xml = readFileSync(new URL(name, golden), 'utf8').trimEnd()
      assert.equal(marshal(unmarshal(xml)), xml, name)
    }
  })

  it('gives back what was written, whatever the value', () => {
    fc.assert(
      fc.property(values(), (value) => {
        const xml = marshal(value)
        assert.match(xml, /^[\t\n\x20-\x7f]*$/)
        assert.deepEqual(unmarshal(xml), value)
        assert.equal(marshal(unmarshal(xml)), xml)
      }),
      { numRuns: Number(process.env.SLAPOS_RUNS ?? 200) },
    )
  })

  it('refuses text that XML cannot carry', () => {
    for (const text of ['a\0b', '\x1b[0m', '\ud800', '\ufffe']) {
      assert.throws(() => marshal(text), { code: 'MARSHAL_UNWRITABLE' })
    }
  })

  it('sorts keys by code point, as peers do, not by UTF-16 unit', () => {
    assert.deepEqual(['\u{1f600}', '\uffe0', 'b', 'a'].sort(compareCodePoints), ['a', 'b', '\uffe0', '\u{1f600}'])
  })
})

const RECORDED = [
  '03-loadComputerConfigurationFromXML.field-xml.xml',
  '05-getFullComputerInformation-free-partitions.response.xml',
  '08-getFullComputerInformation-one-instance.response.xml',
  '09-registerComputerPartition.response.xml',
  '10-requestComputerPartition-child.response.xml',
  '13-requestComputerPartition-slave.response.xml',
  '14-getFullComputerInformation-with-slave.response.xml',
  '18-getComputerPartitionCertificate.response.xml',
  '40-master-shape-getFullComputerInformation.response.xml',
  '41-master-shape-requestComputerPartition.response.xml',
  '42-master-shape-getComputerPartitionStatus.response.xml',
]

function fromJson(value: unknown): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
    return value
  }
  if (Array.isArray(value)) return value.map(fromJson)
  const entries = Object.entries(Object(value))
  const [first] = entries
  if (first?.[0] === '$tuple' && Array.isArray(first[1])) return new Tuple(...first[1].map(fromJson))
  return new Map(entries.map(([key, item]) => [key, fromJson(item)]))
}

function values(): fc.Arbitrary<Value> {
  const text = fc.string({ unit: fc.constantFrom(...'ab&<>"\' \t\n\ré€\u{1f600}\uffe0', '&lt;', '&amp;') })
  const { value } = fc.letrec<{ value: Value }>((tie) => {
    const items = fc.array(tie('value'), { maxLength: 4 })
    const entries = fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((list) => new Map(list))
    return {
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(fc.constant(null), fc.boolean(), fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 60n }), text),
        items,
        items.map((list) => new Tuple(...list)),
        entries,
        entries.map((map) => new ObjectValue('Computer', new Tuple('COMP-1'), map)),
      ),
    }
  })
  return value
}

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSlapError } from '@slapos/base'
import fc from 'fast-check'
import { unmarshal } from './unmarshal.ts'
import { Float } from './value.ts'

const read = (inner: string) => unmarshal(`<marshal>${inner}</marshal>`)

describe('reading what other peers send', () => {
  it('takes <unicode>, <long>, missing ids, an XML declaration, white space and CDATA', () => {
    assert.equal(read('<unicode>h&#233;</unicode>'), 'hé')
    assert.equal(read('<long>5</long>'), 5)
    assert.equal(read('<long>5L</long>'), 5)
    assert.deepEqual(read('<list><int>1</int></list>'), [1])
    assert.equal(unmarshal("<?xml version='1.0' encoding='utf-8'?>\n<marshal>\n  <int>1</int>\n</marshal>\n"), 1)
    assert.equal(read('<string><![CDATA[a]]>b</string>'), 'ab')
  })

  it('takes text that was escaped once as well as twice', () => {
    assert.equal(read('<string>a &amp; b</string>'), 'a & b')
    assert.equal(read('<string>a &amp;amp; b</string>'), 'a & b')
  })

  it('keeps floats as they were written', () => {
    assert.deepEqual(read('<float>1795342692.4378622</float>'), new Float('1795342692.4378622'))
  })

  it('follows references to lists and dictionaries', () => {
    const pair =
      '<list id="i2"><dictionary id="i3"><string>a</string><int>1</int></dictionary><reference id="i3"/></list>'
    assert.deepEqual(read(pair), [new Map([['a', 1]]), new Map([['a', 1]])])
  })
})

describe('refusing what no peer sends', () => {
  const hostile: Readonly<Record<string, string>> = {
    'a DOCTYPE': '<!DOCTYPE marshal [<!ENTITY a "b">]><marshal><string>&a;</string></marshal>',
    'an unknown entity': '<marshal><string>&a;</string></marshal>',
    'a processing instruction': '<?evil now?><marshal><none/></marshal>',
    'an unknown element': '<marshal><code>1</code></marshal>',
    'an unknown class': '<marshal><object module="os" class="system"><tuple/><dictionary/></object></marshal>',
    'an unknown class of the right module':
      '<marshal><object module="slapos.slap.slap" class="Popen"><tuple/><dictionary/></object></marshal>',
    'an object without attributes':
      '<marshal><object module="slapos.slap.slap" class="Computer"><tuple/></object></marshal>',
    'no value': '<marshal/>',
    'two values': '<marshal><none/><none/></marshal>',
    'another root': '<instance/>',
    'an element inside text': '<marshal><string><int>1</int></string></marshal>',
    'text between elements': '<marshal>x<none/></marshal>',
    'a key without a value': '<marshal><dictionary><string>a</string></dictionary></marshal>',
    'a key that is a list': '<marshal><dictionary><list/><none/></dictionary></marshal>',
    'an int that is none': '<marshal><int>1e5</int></marshal>',
    'a dangling reference': '<marshal><reference id="i9"/></marshal>',
    'a reference to what contains it': '<marshal><list id="i2"><reference id="i2"/></list></marshal>',
    'a reference to an object':
      '<marshal><list><object id="i3" module="slapos.slap.slap" class="Computer"><tuple/><dictionary/></object><reference id="i3"/></list></marshal>',
    'a truncated document': '<marshal><list>',
    nothing: '',
  }
  for (const [name, xml] of Object.entries(hostile)) {
    it(name, () => assert.throws(() => unmarshal(xml), { code: 'MARSHAL_INVALID', status: 400 }))
  }

  it('nesting beyond the limit', () => {
    const xml = `<marshal>${'<tuple>'.repeat(100_000)}${'</tuple>'.repeat(100_000)}</marshal>`
    assert.throws(() => unmarshal(xml), { code: 'MARSHAL_TOO_LARGE' })
  })

  it('references that multiply (a billion laughs without entities)', () => {
    let lists = '<list id="i0"><int>1</int></list>'
    for (let i = 1; i < 40; i++)
      lists += `<list id="i${i}"><reference id="i${i - 1}"/><reference id="i${i - 1}"/></list>`
    assert.throws(() => read(`<list>${lists}</list>`), { code: 'MARSHAL_TOO_LARGE' })
  })

  it('100 MB, before parsing any of it', () => {
    // The first byte that a parser would look at is wrong: it is the size that is refused.
    assert.throws(() => unmarshal('\0'.repeat(100 * 1024 * 1024)), { code: 'MARSHAL_TOO_LARGE', status: 413 })
    assert.throws(() => unmarshal('\0'), { code: 'MARSHAL_INVALID' })
  })

  it('never anything but a clear error, whatever the bytes', () => {
    const pieces = fc.constantFrom(
      ...[
        '<marshal>',
        '</marshal>',
        '<list id="i2">',
        '</list>',
        '<string>',
        '</string>',
        '<int>',
        '</int>',
        '&',
        '<',
        '>',
      ],
      ...[
        '<none/>',
        '<dictionary>',
        '</dictionary>',
        '<tuple>',
        '</tuple>',
        '<reference id="i2"/>',
        '7',
        'x',
        ' ',
        '\0',
      ],
    )
    const inputs = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(inputs, (text) => {
        try {
          unmarshal(text)
        } catch (error) {
          assert.ok(isSlapError(error) && /^MARSHAL_/.test(error.code), String(error))
        }
      }),
      { numRuns: Number(process.env.SLAPOS_RUNS ?? 500) },
    )
  })
})

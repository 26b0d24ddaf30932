import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readInstanceXml, writeInstanceXml } from './instance-xml.ts'

const vectors: readonly { dict?: Record<string, unknown>; xml: string; read_back: Record<string, string | null> }[] =
  JSON.parse(readFileSync(new URL('../golden/31-instance-xml-vectors.json', import.meta.url), 'utf8'))

describe('the <instance> form of parameters', () => {
  for (const { dict, xml, read_back } of vectors) {
    it(`reads ${JSON.stringify(read_back)}`, () => {
      assert.deepEqual({ ...readInstanceXml(xml) }, read_back)
      const texts = Object.values(dict ?? {}).every((value) => typeof value === 'string')
      if (dict && texts) assert.equal(writeInstanceXml(Object.fromEntries(Object.entries(read_back).map(asText))), xml)
    })
  }

  it('gives back what was written; what was empty is null', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab&<>"\'] \t\n\ré€\u{1f600}') })
    fc.assert(
      fc.property(fc.dictionary(text, text), (entries) => {
        const expected = Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, value || null]))
        assert.deepEqual({ ...readInstanceXml(writeInstanceXml(entries)) }, expected)
      }),
      { numRuns: Number(process.env.SLAPOS_RUNS ?? 200) },
    )
  })

  it('takes values pasted by hand: CDATA, comments, unknown elements', () => {
    const xml = '<instance><!-- mine --><other>x</other><parameter id="a"><![CDATA[<&>]]></parameter></instance>'
    assert.deepEqual({ ...readInstanceXml(xml) }, { a: '<&>' })
  })

  it('refuses a DOCTYPE, a parameter without id, another root, broken XML', () => {
    const wrong = [
      '<!DOCTYPE a><instance/>',
      '<instance><parameter>1</parameter></instance>',
      '<marshal/>',
      '<instance>',
    ]
    for (const xml of wrong) assert.throws(() => readInstanceXml(xml), { code: 'INSTANCE_XML_INVALID' })
  })
})

const asText = ([key, value]: [string, string | null]): [string, string] => [key, value ?? '']

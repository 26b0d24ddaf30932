import assert from 'node:assert/strict'
import { it } from 'node:test'
import { pythonText } from './python-text.ts'
import { unmarshal } from './unmarshal.ts'
import { dictionary, ObjectValue, Tuple } from './value.ts'

/** Marshalled values, and what `str()` of Python 3 prints for them. */
const PRINTED: readonly (readonly [marshalled: string, text: string])[] = [
  ['<string>a</string>', 'a'],
  ['<none/>', 'None'],
  ['<bool>1</bool>', 'True'],
  ['<int>5</int>', '5'],
  ['<float>1.0</float>', '1.0'],
  ['<list><int>1</int><string>x</string><bool>0</bool><none/></list>', "[1, 'x', False, None]"],
  ['<tuple/>', '()'],
  ['<tuple><int>1</int></tuple>', '(1,)'],
  ['<list><string>it\'s</string><string>"q"</string><string>\'"</string></list>', `["it's", '"q"', '\\'"']`],
  ['<list><string>a\\b&#10;&#9;&#233;&#160;&#8203;&#128512;</string></list>', "['a\\\\b\\n\\té\\xa0\\u200b😀']"],
  ['<dictionary><string>k</string><list/><string>d</string><dictionary/></dictionary>', "{'k': [], 'd': {}}"],
  ['<set/>', 'set()'],
]

for (const [marshalled, text] of PRINTED) {
  it(`prints ${text} as Python does`, () => {
    assert.equal(pythonText(unmarshal(`<marshal>${marshalled}</marshal>`)), text)
  })
}

it('has no text for objects, however deep', () => {
  const object = new ObjectValue('Computer', new Tuple('COMP-1'), new Map())
  assert.equal(pythonText(object), undefined)
  assert.equal(pythonText([dictionary({ a: [object] })]), undefined)
})

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { catalogue } from './catalogue.ts'
import { createSay, createWord, type Say } from './saying.ts'
import { sayings } from './sayings.ts'

const golden = join(import.meta.dirname, 'golden/sayings.golden')
const ofMaster = join(import.meta.dirname, '../../../master/src/queries/golden/why.golden')
const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join(' ')

const say = (index: 0 | 1): Say => {
  const words = new Map<string, readonly [string, string]>(Object.entries(catalogue))
  return createSay(
    Object.entries(sayings).map(([english, texts]) => [english, texts[index]]),
    createWord((text) => words.get(text)?.[index]),
  )
}

describe('what the Master says, in other languages', () => {
  let blocks: readonly (readonly string[])[]
  before(async () => {
    const text = await readFile(golden, 'utf8')
    blocks = text
      .trim()
      .split('\n\n')
      .map((block) => block.split('\n'))
  })

  it('is as the golden file shows it: English, French, Chinese', () => {
    const shown = blocks.map(([english = '']) => [english, say(0)(english), say(1)(english)])
    assert.deepEqual(shown, blocks)
  })

  it('every explanation that the Master is tested with is there', async () => {
    const told = (await readFile(ofMaster, 'utf8')).split('\n').filter((line) => line.startsWith('  '))
    const known = new Set(blocks.map(([english]) => english))
    assert.deepEqual(
      told.map((line) => line.trim()).filter((line) => !known.has(line)),
      [],
    )
  })

  it('every template has the same places in every language', () => {
    for (const [english, texts] of Object.entries(sayings)) {
      for (const text of texts) assert.equal(placeholders(text), placeholders(english), english)
    }
  })

  it('what is not known stays as it is', () => {
    for (const text of ['', 'cannot build: no space left', 'Error: ENOENT; see the log. Really', 'a: b; c: d'])
      assert.equal(say(0)(text), text)
  })
})

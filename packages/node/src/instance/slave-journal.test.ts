import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { SlaveDelta, SlaveDocument } from '@slapos/slap'
import { SlaveJournal } from './slave-journal.ts'

const slave = (reference: string, title = reference): SlaveDocument => ({
  reference,
  title,
  softwareType: 'default',
  parameters: {},
  connection: {},
  timestamp: '1',
})
const delta = (fields: Partial<SlaveDelta>): SlaveDelta => ({
  format: 1,
  position: 'e:1',
  full: false,
  changed: [],
  removed: [],
  ...fields,
})

describe('slave journal', () => {
  let directory = ''
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'))
  })
  after(() => rm(directory, { recursive: true, force: true }))
  const titles = async (path: string) => (await new SlaveJournal(path).snapshot())?.slaves.map(({ title }) => title)

  it('keeps full lists and deltas, for the next process too', async () => {
    const path = join(directory, 'a.jsonl')
    const journal = new SlaveJournal(path)
    assert.equal(await journal.position(), undefined)
    await journal.apply(delta({ full: true, changed: [slave('b'), slave('a'), slave('c')] }))
    await journal.apply(delta({ position: 'e:2', changed: [slave('b', 'B')], removed: ['c'] }))
    assert.deepEqual(await titles(path), ['a', 'B'])
    assert.equal(await new SlaveJournal(path).position(), 'e:2')
  })

  it('does not count a delta that was cut', async () => {
    const path = join(directory, 'b.jsonl')
    const journal = new SlaveJournal(path)
    await journal.apply(delta({ full: true, changed: [slave('a')] }))
    await appendFile(path, `{"changed":${JSON.stringify(slave('x'))}}\n{"remo`)
    assert.deepEqual(await titles(path), ['a'])
  })

  it('writes a change, not the list; and forgets history now and then', async () => {
    const path = join(directory, 'c.jsonl')
    const journal = new SlaveJournal(path)
    await journal.apply(delta({ full: true, changed: Array.from({ length: 5000 }, (_, i) => slave(`s${i}`)) }))
    const before = (await stat(path)).size
    await journal.apply(delta({ position: 'e:2', changed: [slave('s7', 'new')] }))
    assert.ok((await stat(path)).size - before < 300)
    const small = new SlaveJournal(join(directory, 'd.jsonl'))
    await small.apply(delta({ full: true, changed: [slave('a')] }))
    for (let i = 0; i < 600; i++) await small.apply(delta({ position: `e:${i}`, changed: [slave('a', `${i}`)] }))
    const lines = (await readFile(join(directory, 'd.jsonl'), 'utf8')).split('\n').length
    assert.ok(lines < 1100, `${lines} lines`)
    assert.deepEqual(await titles(join(directory, 'd.jsonl')), ['599'])
  })
})

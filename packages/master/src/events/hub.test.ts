import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { newEpoch } from '../domain/epoch.ts'
import { type Core, openCore } from '../server/core.ts'
import { prepareDataDirectory } from '../server/data-directory.ts'

const system = { kind: 'system' } as const
let directory: string
let core: Core
let mine: { person: string; computer: string }
let other: { person: string; computer: string }

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-events-'))
  core = await open()
  mine = await tenant('Mine')
  other = await tenant('Other')
})
after(async () => {
  await core.close()
  await rm(directory, { recursive: true, force: true })
})

const open = async () => openCore({ files: await prepareDataDirectory(join(directory, 'data')), logger: silentLogger })

async function tenant(title: string) {
  const person = await core.cloud.people.create(system, { name: title, email: '' })
  const project = await core.cloud.projects.create(system, { title, owner: person })
  const { computer } = await core.cloud.nodes.create({ kind: 'person', person, via: 'session' }, { title, project })
  return { person, computer }
}

const supply = (computer: string, name: string) =>
  core.cloud.software.supply(system, computer, `https://example.org/${name}.cfg`, 'available')

class Reader extends EventEmitter {
  text = ''
  write(text: string): boolean {
    this.text += text
    setImmediate(() => this.emit('arrived'))
    return true
  }
  end(): void {
    this.emit('close')
  }
  destroy(): void {
    this.emit('close')
  }
  async until(found: RegExp): Promise<string> {
    while (!found.test(this.text)) await once(this, 'arrived', { signal: AbortSignal.timeout(30_000) })
    return this.text
  }
}

function node(computer: string, lastEventId?: string): Reader {
  const reader = new Reader()
  core.events.openNode(computer, lastEventId, reader)
  return reader
}

test('a node hears of itself only', async () => {
  const [me, him] = [node(mine.computer), node(other.computer)]
  await supply(mine.computer, 'a')
  await me.until(/event: desired/)
  await supply(other.computer, 'b')
  await him.until(/event: desired/)
  assert.equal(me.text.match(/event: desired/g)?.length, 1)
  me.end()
  him.end()
})

test('after a gap a node gets what it missed, then what comes', async () => {
  const position = await core.cloud.position()
  await supply(mine.computer, 'missed')
  const reader = node(mine.computer, position)
  const text = await reader.until(/event: desired/)
  assert.match(text, new RegExp(`id: ${core.cloud.epoch}:\\d+\\nevent: desired`))
  assert.doesNotMatch(text, /reset/)
  reader.end()
  const current = node(mine.computer, await core.cloud.position())
  await supply(mine.computer, 'later')
  assert.doesNotMatch(await current.until(/event: desired/), /reset/)
  current.end()
})

test('an unknown position, and one of another history, is answered by reset', async () => {
  for (const id of ['other:1', `${core.cloud.epoch}:999999999`, 'nonsense']) {
    const reader = node(mine.computer, id)
    await reader.until(/event: reset/)
    reader.end()
  }
})

test('a command reaches the node that is connected, and no other', async () => {
  const [me, him] = [node(mine.computer), node(other.computer)]
  await core.cloud.nodes.command({ kind: 'person', person: mine.person, via: 'session' }, mine.computer, {
    ...{ name: 'reprocess', partition: 'slappart3' },
  })
  await me.until(/event: command\ndata: .*"reprocess"/)
  assert.equal(core.events.command('COMP-404', { name: 'reprocess', partition: 'x' }), false)
  assert.doesNotMatch(him.text, /command/)
  me.end()
  him.end()
})

test('a person hears of the projects that he is in, also of what identity changes', async () => {
  const reader = new Reader()
  core.events.openPerson({ kind: 'person', person: mine.person, via: 'session' }, undefined, reader)
  await supply(other.computer, 'hidden')
  core.telemetry.contacted(other.computer, '192.0.2.1')
  core.telemetry.contacted(mine.computer, '192.0.2.1')
  await reader.until(new RegExp(`event: telemetry\\ndata: .*"${mine.computer}"`))
  await supply(mine.computer, 'shown')
  const text = await reader.until(/event: installation/)
  assert.ok(!text.includes(`"${other.computer}`))
  const [{ project } = { project: '' }] = await core.cloud.projects.list({
    ...{ kind: 'person', person: mine.person, via: 'session' },
  })
  await core.identity.tokens.create({ purpose: 'computer', person: mine.person, project })
  await reader.until(/event: token/)
  reader.end()
})

test('closed connections leave nothing behind', () => {
  assert.deepEqual(core.events.streams, { nodes: 0, people: 0 })
})

test('after a restore everyone who comes back is told to fetch everything', async () => {
  const position = await core.cloud.position()
  await newEpoch(core.store)
  await core.close()
  core = await open()
  const reader = node(mine.computer, position)
  await reader.until(/event: reset/)
  reader.end()
})

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type Clock, systemClock } from '@slapos/base'
import { EventStream, type Item } from './stream.ts'

/** The end of a connection whose reader takes what he is let to. */
class Reader extends EventEmitter {
  slow = false
  text = ''
  ended = ''
  write(text: string): boolean {
    this.text += text
    return !this.slow
  }
  end(): void {
    this.ended = 'end'
    this.emit('close')
  }
  destroy(): void {
    this.ended = 'destroy'
    this.emit('close')
  }
  /** What arrived since the last time, without comments. */
  take(): string[] {
    const messages = this.text.split('\n\n').filter((message) => message !== '' && !message.startsWith(':'))
    this.text = ''
    return messages
  }
}

const item = (key: string, n: number): Item => ({ key, id: `e:${n}`, event: 'desired', data: { revision: n } })
const open = (reader: Reader, clock: Clock = systemClock) => new EventStream(reader, clock, () => 'e:999')

test('what is told in one turn leaves in one write, each object once, the newest of it', async () => {
  const reader = new Reader()
  const stream = open(reader)
  for (let n = 1; n <= 5; n++) stream.send(item('a', n))
  stream.send(item('b', 6))
  await turn()
  assert.deepEqual(reader.take(), [
    'id: e:5\nevent: desired\ndata: {"revision":5}',
    'id: e:6\nevent: desired\ndata: {"revision":6}',
  ])
  stream.close()
})

test('a slow reader costs bounded memory, and gets one reset when too much waits', async () => {
  const reader = new Reader()
  const stream = open(reader)
  reader.slow = true
  stream.send(item('first', 0))
  await turn()
  reader.take()
  for (let n = 1; n <= 100; n++) stream.send(item('same', n))
  await turn()
  assert.deepEqual(reader.take(), [], 'nothing is pushed into a full connection')
  reader.slow = false
  reader.emit('drain')
  assert.equal(reader.take().length, 1)
  reader.slow = true
  stream.send(item('again', 0))
  await turn()
  reader.take()
  for (let n = 1; n <= 10_000; n++) stream.send(item(`object ${n}`, n))
  reader.slow = false
  reader.emit('drain')
  const messages = reader.take()
  assert.ok(messages.length <= 256)
  assert.ok(messages.some((message) => message.startsWith('id: e:999\nevent: reset')))
  stream.close()
  assert.equal(reader.ended, 'end')
})

test('a reader that takes nothing is dropped; pings keep the others alive', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let elapsed = 0
  const clock: Clock = { ...systemClock, monotonic: () => elapsed }
  const [stuck, alive] = [new Reader(), new Reader()]
  stuck.slow = true
  open(stuck, clock)
  const stream = open(alive, clock)
  for (let n = 0; n < 3; n++) {
    elapsed += 15_000
    t.mock.timers.tick(15_000)
  }
  assert.equal(stuck.ended, 'destroy')
  assert.equal(alive.ended, '')
  assert.equal(alive.text.match(/: ping/g)?.length, 3)
  stream.close()
})

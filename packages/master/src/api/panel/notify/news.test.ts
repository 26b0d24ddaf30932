import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Concern, News } from './news.ts'

const web: Concern = { kind: 'service', id: 1, project: 1 }
const times = { settle: 3, hold: 100 }
const red = () => true
const fine = () => false

test('what turns red is told once it settled', () => {
  const news = new News(times)
  news.turned(web, false, 0)
  assert.equal(news.nextDue, 3)
  assert.deepEqual(news.take(2, red), [])
  assert.deepEqual(news.take(3, red), [{ concern: web, red: true }])
  assert.deepEqual(news.take(4, red), [])
  assert.equal(news.nextDue, undefined)
})

test('what turns back at once is no news', () => {
  const news = new News(times)
  news.turned(web, false, 0)
  news.turned(web, true, 1)
  assert.deepEqual(news.take(3, fine), [])
})

test('that it is well again is told at once too', () => {
  const news = new News(times)
  news.turned(web, false, 0)
  news.take(3, red)
  news.turned(web, true, 10)
  assert.deepEqual(news.take(13, fine), [{ concern: web, red: false }])
  news.turned(web, false, 20)
  assert.equal(news.nextDue, 103)
})

test('what flaps is told at its turn, then rarely, and in the end as it is', () => {
  const news = new News(times)
  const told: boolean[] = []
  for (let now = 0; now <= 1000; now += 5) {
    const isRed = now % 10 === 0 && now < 1000
    news.turned(web, !isRed, now)
    told.push(...news.take(now + 3, () => isRed).map((item) => item.red))
  }
  const last = news.nextDue
  told.push(...(last === undefined ? [] : news.take(last, fine).map((item) => item.red)))
  assert.ok(told.length > 2 && told.length <= 22, `${told.length} messages`)
  assert.equal(told.at(-1), false)
  assert.ok(told.every((item, index) => item === (index % 2 === 0)))
})

test('what could not be told is told later, unless it turned back', () => {
  const news = new News(times)
  news.turned(web, false, 0)
  const [item] = news.take(3, red)
  assert.ok(item)
  news.again(item, 50)
  assert.deepEqual(news.take(49, red), [])
  assert.deepEqual(news.take(50, red), [item])
  news.again(item, 60)
  assert.deepEqual(news.take(60, fine), [])
})

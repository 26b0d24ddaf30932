import assert from 'node:assert/strict'
import { test } from 'node:test'
import { natRules } from './nat.ts'
import { fairWeather, weatherRules } from './weather.ts'

test('fair weather has no rule', () => {
  assert.doesNotMatch(weatherRules(new Map([['p1', fairWeather]])), /p1/)
})

test('loss spares address resolution; a partition hides every other rule', () => {
  const rules = weatherRules(new Map([['p1', { ...fairWeather, lossPercent: 30 }]]))
  assert.match(rules, /iifname "p1" ether type != arp numgen random mod 100 < 30 drop/)
  assert.match(rules, /oifname "p1" ether type != arp numgen random mod 100 < 30 drop/)
  const cut = weatherRules(new Map([['p1', { partitioned: true, lossPercent: 30, blackholes: [] }]]))
  assert.doesNotMatch(cut, /numgen/)
})

test('only cone routers accept datagrams that nobody asked for', () => {
  const rules = (kind: Parameters<typeof natRules>[0]['kind']) => natRules({ kind, outside: 'eth0', udpTimeout: 60 })
  assert.match(rules('endpoint-independent'), /type inet_service : /)
  assert.match(rules('address-dependent'), /type ipv4_addr \. inet_service : /)
  for (const kind of ['port-dependent', 'symmetric'] as const) assert.doesNotMatch(rules(kind), /dnat ip/)
  assert.match(rules('symmetric'), /fully-random/)
})

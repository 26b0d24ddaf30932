import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPanelWorld } from './testing/world.ts'

test('checks and processes of everything come a page at a time, failing first, each with its day', async () => {
  await using world = await openPanelWorld()
  const ada = await world.person('ada', true)
  const project = await world.project(ada, 'Main')
  const computer = await world.node(ada, project, 'paris')
  const now = Date.now()
  const at = (index: number) => ({ partition: `slappart${index % 5}`, name: `check-${index}`, since: now - 3_600_000 })
  await world.master.parts.cloud.nodes.telemetry(
    { kind: 'computer', computer },
    {
      ...{ format: 1, now, agentVersion: '0.1.0', full: true, builds: [], partitions: [], logs: [], usage: [] },
      processes: Array.from({ length: 250 }, (_, index) => ({
        ...at(index),
        ...{ state: index === 210 ? 'BACKOFF' : 'RUNNING', pid: index + 1, restarts: 0 },
      })),
      removedProcesses: [],
      promises: Array.from({ length: 250 }, (_, index) => ({
        ...at(index),
        ...{ ok: index !== 207, message: '', checked: now, durationMs: 1 },
      })),
      removedPromises: [],
    },
  )
  for (const [list, failing] of [
    ['promises', 'check-207'],
    ['processes', 'check-210'],
  ] as const) {
    const names: string[] = []
    let cursor = ''
    do {
      const { status, text, body } = await ada.call('GET', `${list}?limit=100${cursor && `&cursor=${cursor}`}`)
      assert.equal(status, 200, text)
      assert.equal(body.total, 250)
      names.push(...body.items.map(({ name }: { name: string }) => name))
      if (list === 'promises') assert.equal(body.items[0].strip.bars.length, 48)
      cursor = body.next ?? ''
    } while (cursor !== '')
    assert.equal(names[0], failing)
    assert.equal(new Set(names).size, 250)
  }
  const { status } = await ada.call('GET', 'promises?cursor=')
  assert.equal(status, 400)
})

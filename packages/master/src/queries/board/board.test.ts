import assert from 'node:assert/strict'
import { silentLogger } from '@slapos/base'
import type { ProcessReport } from '@slapos/slap'
import { onEachStore, stopClusterAfterTests } from '../../../test/stores.ts'
import { guidOf, inWorld, RELEASE, SYSTEM, type World } from '../../domain/testing/world.ts'
import type { NodeFacts } from '../../telemetry/index.ts'
import { noFacts } from '../../telemetry/merge.ts'
import { type Board, createBoard, type Turn } from './board.ts'

stopClusterAfterTests()

const PROJECTS = [0, 1, 2]

/** A board on a world, and words for what nodes tell of themselves. */
async function onBoard(world: World, test: (tools: Tools) => Promise<void>): Promise<void> {
  const { store, cloud, clock } = world
  const known = new Map<string, NodeFacts>()
  const told = new Set<(news: { computer: string; kind: string; partitions: readonly string[] }) => void>()
  const open = () =>
    createBoard({
      db: store.read,
      clock,
      logger: silentLogger,
      facts: (computer) => known.get(computer),
      onChange: cloud.onChange,
      onTelemetry(listener) {
        told.add(listener)
        return () => void told.delete(listener)
      },
    })
  const board = open()
  const turns: Turn[] = []
  board.onTurn((turn) => void turns.push(turn))
  await board.settled()
  const colours = (from: Board) =>
    (['server', 'installation', 'service'] as const).map((kind) =>
      (['green', 'blue', 'yellow', 'red', 'grey'] as const).map((colour) => from[kind].having(PROJECTS, [colour])),
    )
  try {
    await test({
      board,
      turns,
      async agrees() {
        await board.settled()
        const fresh = open()
        await fresh.settled()
        assert.deepEqual(colours(board), colours(fresh))
        for (const id of [0, 1, 2]) assert.deepEqual(board.tenants.sum(id), fresh.tenants.sum(id))
        await fresh.close()
      },
      tell(computer, kind, facts = {}, partitions = []) {
        known.set(computer, { ...noFacts(computer, clock.now(), ''), ...known.get(computer), ...facts })
        for (const listener of told) listener({ computer, kind, partitions })
      },
    })
  } finally {
    await board.close()
  }
}

interface Tools {
  readonly board: Board
  readonly turns: readonly Turn[]
  /** What was kept up to date is what a new look finds. */
  agrees(): Promise<void>
  tell(computer: string, kind: 'facts' | 'contact', facts?: Partial<NodeFacts>, partitions?: readonly string[]): void
}

onEachStore('the board follows servers, releases and services through their lives', (store) =>
  inWorld(store, async (world) => {
    const { cloud, owner, request, clock } = world
    await onBoard(world, async ({ board, agrees, tell, turns }) => {
      assert.deepEqual(board.service.counts(PROJECTS), { green: 0, blue: 0, yellow: 0, red: 0, grey: 0 })
      const waiting = guidOf(await request('waits'))
      await agrees()
      const computer = await world.node()
      const self = { kind: 'computer', computer } as const
      cloud.nodes.contacted(computer, '192.0.2.7')
      tell(computer, 'facts')
      await cloud.reconcile()
      await agrees()
      await cloud.software.report(self, computer, RELEASE, 'building')
      await agrees()
      await cloud.software.error(self, computer, RELEASE, 'the compiler is tired')
      await agrees()
      assert.equal(board.installation.counts(PROJECTS).red, 1)
      await cloud.software.report(self, computer, RELEASE, 'available')
      await cloud.instances.report(self, { guid: waiting }, 'started')
      await agrees()
      assert.equal(board.service.counts(PROJECTS).green, 1)

      const { partition } = await cloud.instances.get(SYSTEM, waiting)
      const web: ProcessReport = {
        partition: partition ?? '',
        name: 'web',
        state: 'BACKOFF',
        since: clock.now(),
        restarts: 3,
      }
      tell(computer, 'facts', { processes: new Map([[`${partition}/web`, web]]) }, [partition ?? ''])
      await agrees()
      tell(computer, 'facts', { processes: new Map() }, [partition ?? ''])
      await agrees()

      await cloud.instances.error(self, { guid: waiting }, 'no space left')
      await agrees()
      assert.equal(board.service.counts(PROJECTS).red, 1)
      await cloud.instances.report(self, { guid: waiting }, 'started')
      clock.advance(16 * 60_000)
      tell(computer, 'contact')
      await agrees()
      assert.equal(board.server.counts(PROJECTS).red, 1)
      assert.equal(board.service.counts(PROJECTS).green, 0)

      await request('waits', { state: 'destroyed' })
      await agrees()
      await cloud.instances.report(self, { guid: waiting }, 'destroyed')
      await cloud.software.supply(owner, computer, RELEASE, 'destroyed')
      await cloud.software.report(self, computer, RELEASE, 'destroyed')
      await cloud.nodes.remove(owner, computer)
      await agrees()
      assert.deepEqual(board.server.counts(PROJECTS), { green: 0, blue: 0, yellow: 0, red: 0, grey: 0 })
      assert.ok(turns.some(({ kind, after }) => kind === 'service' && after === 'red'))
    })
  }),
)

onEachStore('colours are counted for each project alone', (store) =>
  inWorld(store, async (world) => {
    const { cloud } = world
    await onBoard(world, async ({ board, agrees }) => {
      const other = await cloud.projects.create(SYSTEM, { title: 'Other' })
      await cloud.nodes.create(SYSTEM, { title: 'theirs', project: other })
      await world.node()
      await agrees()
      const id = Number(world.project.slice('PROJ-'.length))
      assert.equal(board.server.having([id]).length, 1)
      assert.equal(board.server.having(PROJECTS).length, 2)
    })
  }),
)

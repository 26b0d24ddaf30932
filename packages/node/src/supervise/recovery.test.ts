import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Bench, eventually, isAlive, openBench, scannerOf, service, superviseOf } from './testing.ts'

// Both ways of finding what a lost run left: by cgroup where there is one, else by session and mark.
for (const cgroups of [true, false]) {
  describe(`what dies comes back, exactly once (${cgroups ? 'cgroups where possible' : 'no cgroups'})`, () => {
    let bench: Bench
    before(async () => {
      bench = await openBench({ cgroups })
      const ticker = (name: string) =>
        service(name, `i=0; while :; do i=$((i + 1)); echo ${name} $$ alive $i; sleep 0.1; done`)
      await bench.supervisor.apply('slappart0', [ticker('a'), ticker('b')])
    })
    after(() => bench.end())

    // Others on this machine may run the same test.
    const copies = async (name: string) => {
      const own = new Set(await bench.marked())
      return (await bench.find('/bin/sh', `echo ${name} $$ alive`)).filter((pid) => own.has(pid))
    }
    /** One process, one pid, and its words arrive. */
    const flows = async (name: string) => {
      await eventually(`${name} runs`, () => bench.status(name).state === 'RUNNING')
      const pid = bench.pid(name)
      let said = 0
      await eventually(`the log of ${name} flows`, async () => {
        const lines = (await bench.supervisor.tail(`slappart0:${name}`, { bytes: 4000 })).split('\n')
        const words = lines.findLast((line) => line.includes(` ${pid} alive `))?.split(' ')
        const count = Number(words?.at(-1) ?? 0)
        if (said === 0) said = count
        return count > said
      })
      // A shell that forks is two for a moment; a second copy would stay.
      await eventually(`${name} runs once`, async () => String(await copies(name)) === String([pid]))
      return pid
    }

    test('a service that is killed restarts', async () => {
      const pid = await flows('a')
      const other = bench.pid('b')
      process.kill(pid, 'SIGKILL')
      await eventually('another pid', () => bench.pid('a') !== pid && bench.pid('a') !== 0)
      await flows('a')
      assert.equal(bench.status('a').restarts, 1)
      assert.equal(bench.pid('b'), other)
    })

    test('a logger that is killed is replaced, and the service does not notice', async () => {
      const pid = await flows('a')
      for (const logger of await bench.find('s6-log', `${bench.directory}/logs/slappart0:a`))
        process.kill(logger, 'SIGKILL')
      assert.equal(await flows('a'), pid)
    })

    test('a supervise that is killed does not make a second copy', async () => {
      const pid = await flows('a')
      process.kill(await superviseOf(bench, 'slappart0:a'), 'SIGKILL')
      await eventually('the fence made room', async () => !(await isAlive(pid)))
      assert.notEqual(await flows('a'), pid)
    })

    test('a scanner that is killed comes back, and no pid changes', async () => {
      const pids = [await flows('a'), await flows('b')]
      const scanner = await scannerOf(bench)
      process.kill(scanner, 'SIGKILL')
      await eventually('another scanner', async () => ![0, scanner].includes(await scannerOf(bench)))
      assert.deepEqual([await flows('a'), await flows('b')], pids)
    })

    test('a supervise that outlived its scanner is replaced when it dies too', async () => {
      const pid = await flows('a')
      const supervise = await superviseOf(bench, 'slappart0:a')
      process.kill(supervise, 'SIGKILL')
      await eventually(
        'another supervise',
        async () => ![0, supervise].includes(await superviseOf(bench, 'slappart0:a')),
      )
      await eventually('the fence made room', async () => !(await isAlive(pid)))
      await flows('a')
    })

    test('all of them together', async () => {
      await flows('a')
      const victims = [
        ...(await bench.find('s6-supervise', 'slappart0:')),
        ...(await bench.find('s6-log', bench.directory)),
      ]
      const own = []
      for (const pid of victims) if (await belongs(bench, pid)) own.push(pid)
      for (const pid of [await scannerOf(bench), ...own]) process.kill(pid, 'SIGKILL')
      await eventually('a scanner', async () => (await scannerOf(bench)) !== 0)
      await eventually('both in a supervise', async () => {
        const found = [await superviseOf(bench, 'slappart0:a'), await superviseOf(bench, 'slappart0:b')]
        return !found.includes(0)
      })
      await eventually(
        'one copy each',
        async () => (await copies('a')).length === 1 && (await copies('b')).length === 1,
      )
      await flows('a')
      await flows('b')
    })

    test('another supervisor object changes no pid, and sees everything', async () => {
      const pids = [await flows('a'), await flows('b')]
      await bench.supervisor.close()
      const next = bench.again()
      await next.open()
      assert.deepEqual(
        next.status().map(({ pid }) => pid),
        pids,
      )
      assert.deepEqual([await flows('a'), await flows('b')], pids)
    })
  })
}

test('the machine starts everything again without us, and fragments are cleared away', async () => {
  const bench = await openBench()
  try {
    const down = service('down', 'exec sleep 1000', { up: false })
    const shot = service('shot', 'true', { kind: 'one-shot' })
    await bench.supervisor.apply('slappart0', [service('up', 'exec sleep 1000'), down, shot])
    await bench.supervisor.stopEverything()
    assert.deepEqual(await bench.marked(), [])
    assert.equal(await scannerOf(bench), 0)
    // What init does at boot.
    spawn(join(bench.directory, 'start-scanner'), { detached: true, stdio: 'ignore', env: {} }).unref()
    await eventually('what was up is up', () => bench.status('up').state === 'RUNNING')
    assert.equal(bench.status('down').state, 'STOPPED')
    assert.equal(bench.status('shot').state, 'EXITED')
    await rm(join(bench.directory, 'services/slappart0:up/definition.json'))
    const next = bench.again()
    await next.open()
    assert.deepEqual(
      next.status().map(({ name }) => name),
      ['down', 'shot'],
    )
    assert.deepEqual(await bench.marked(), [])
    assert.equal((await readdir(join(bench.directory, 'services'))).includes('slappart0:up'), false)
  } finally {
    await bench.end()
  }
})

test("the node's own service does not outlive its scanner: it is handed over to the next", async () => {
  const bench = await openBench()
  try {
    await bench.supervisor.apply('', [service('agent', 'exec sleep 1000', { partition: '' })])
    const first = { pid: bench.pid('agent'), supervise: await superviseOf(bench, ':agent') }
    process.kill(await scannerOf(bench), 'SIGKILL')
    await eventually(
      'another supervise',
      async () => ![0, first.supervise].includes(await superviseOf(bench, ':agent')),
    )
    const renewed = () => bench.status('agent').state === 'RUNNING' && bench.pid('agent') !== first.pid
    await eventually('another process', renewed)
    // From here on it needs nobody but the scanner: that it and its supervise end together is repaired without us.
    await bench.supervisor.close()
    const second = { pid: bench.pid('agent'), supervise: await superviseOf(bench, ':agent') }
    for (const pid of [second.supervise, second.pid]) process.kill(pid, 'SIGKILL')
    await eventually('both again', () => ![0, second.pid].includes(bench.pid('agent')))
  } finally {
    await bench.end()
  }
})

async function belongs(bench: Bench, pid: number): Promise<boolean> {
  const { readlink } = await import('node:fs/promises')
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')).startsWith(bench.directory)
}

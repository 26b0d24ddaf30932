import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ServiceDefinition, Transition } from './supervisor.ts'
import { type Bench, eventually, isAlive, openBench, service } from './testing.ts'

describe('a partition of services', () => {
  let bench: Bench
  let scratch: string
  before(async () => {
    bench = await openBench()
    scratch = await mkdtemp(join(tmpdir(), 'slapos-scratch-'))
  })
  after(async () => {
    await bench.end()
    await rm(scratch, { recursive: true, force: true })
  })
  const apply = (...definitions: ServiceDefinition[]) => bench.supervisor.apply('slappart0', definitions)
  const asleep = (name: string, more?: Partial<ServiceDefinition>) => service(name, 'exec sleep 1000', more)

  test('only what changed is restarted, added or removed', async () => {
    await apply(asleep('a'), asleep('b'), asleep('c'))
    const [a, b, c] = [bench.pid('a'), bench.pid('b'), bench.pid('c')]
    const changes = await apply(asleep('a'), asleep('b', { hash: '2' }), asleep('d'))
    assert.deepEqual(changes, [
      { name: 'c', action: 'removed' },
      { name: 'b', action: 'replaced' },
      { name: 'd', action: 'added' },
    ])
    assert.equal(bench.pid('a'), a)
    assert.notEqual(bench.pid('b'), b)
    assert.equal(await isAlive(c), false)
    assert.deepEqual(await apply(asleep('a'), asleep('b', { hash: '2' }), asleep('d')), [])
  })

  test('a new content of reloadable files is told by a signal', async () => {
    const script = `trap 'echo reloaded' HUP; echo ready; while :; do sleep 0.05; done`
    const reload = (hash: string) => service('r', script, { reload: { signal: 'SIGHUP', hash } })
    await apply(reload('1'))
    await eventually('it is ready', async () => (await bench.supervisor.tail('slappart0:r')).includes('ready'))
    const pid = bench.pid('r')
    assert.deepEqual(await apply(reload('2')), [{ name: 'r', action: 'reloaded' }])
    await eventually('it heard', async () => (await bench.supervisor.tail('slappart0:r')).includes('reloaded'))
    assert.equal(bench.pid('r'), pid)
  })

  test('a replaced definition stops by its own signal and in its own time', async () => {
    const script = `trap '' TERM; trap 'echo by INT; exit' INT; echo ready; while :; do sleep 0.05; done`
    await apply(asleep('signal', { stopTimeoutMs: 60_000 }))
    await apply(service('signal', script, { stopSignal: 'SIGINT', stopTimeoutMs: 60_001 }))
    await eventually('it is ready', async () => (await bench.supervisor.tail('slappart0:signal')).includes('ready'))
    await bench.supervisor.control('stop', 'slappart0:signal')
    assert.match(await bench.supervisor.tail('slappart0:signal'), /by INT/)
    const stubborn = `trap '' TERM; echo ready again; while :; do sleep 0.05; done`
    await apply(service('signal', stubborn, { stopTimeoutMs: 100 }))
    await eventually('it is ready', async () => (await bench.supervisor.tail('slappart0:signal')).includes('again'))
    const began = performance.now()
    await bench.supervisor.control('stop', 'slappart0:signal')
    assert.ok(performance.now() - began < 5000)
  })

  test('SIGKILL follows an ignored stop signal, and takes what the service forked', async () => {
    const forker = `trap '' TERM; setsid sh -c 'trap "" TERM; sleep 1000 & exec sleep 1000' & while :; do sleep 1; done`
    await apply(service('stubborn', forker, { stopTimeoutMs: 300 }))
    await eventually('it forked', async () => (await bench.marked()).length >= 3)
    const began = performance.now()
    await apply()
    assert.ok(performance.now() - began > 300)
    assert.deepEqual(await bench.marked(), [])
  })

  test('a double fork does not outlive its service', async () => {
    const daemon = `(setsid setsid sleep 1000 &) ; exec sleep 999`
    await apply(service('daemon', daemon))
    await eventually('it forked', async () => (await bench.marked()).length >= 2)
    process.kill(bench.pid('daemon'), 'SIGKILL')
    await eventually('one of each again', async () => {
      const [main, forked] = [await bench.find('sleep', '999'), await bench.find('sleep', '1000')]
      const marked = await bench.marked()
      return [main, forked].every((all) => all.filter((pid) => marked.includes(pid)).length === 1)
    })
    await apply()
    assert.deepEqual(await bench.marked(), [])
  })

  test('quick ends wait longer and longer, and a start by hand does not', async () => {
    await apply(service('quick', 'exit 3'))
    await eventually('BACKOFF with a time', () => bench.status('quick').retryAt !== undefined)
    const status = bench.status('quick')
    assert.equal(status.state, 'BACKOFF')
    assert.equal(status.exitCode, 3)
    assert.ok(status.restarts >= 1)
    const record = () => readFile(join(bench.directory, 'state/slappart0:quick'), 'utf8')
    assert.match(await record(), /failures=[2-9]/)
    await bench.supervisor.control('start', 'slappart0:quick')
    await eventually('the count starts afresh', async () => /failures=[01]\n/.test(await record()))
    await apply()
  })

  test('a command that cannot be executed is FATAL', async () => {
    await apply({ ...asleep('none'), command: ['/nonexistent/program'] })
    await eventually('FATAL', () => bench.status('none').state === 'FATAL')
    assert.match(await bench.supervisor.tail('slappart0:none'), /\/nonexistent\/program/)
    await apply()
  })

  test('a one-shot runs once for its content, and again when it failed', async () => {
    const file = join(scratch, 'ran')
    const shot = (script: string, hash = '1') => service('shot', script, { kind: 'one-shot', watch: false, hash })
    const ran = async () => (existsSync(file) ? (await readFile(file, 'utf8')).length : 0)
    assert.deepEqual(await apply(shot(`printf x >>${file}`)), [{ name: 'shot', action: 'completed' }])
    assert.deepEqual(await apply(shot(`printf x >>${file}`)), [])
    assert.equal(await ran(), 1)
    await apply(shot(`printf x >>${file}`, '2'))
    assert.equal(await ran(), 2)
    const failing = shot(`printf x >>${file}; echo 'no luck' >&2; exit 4`)
    const [failed] = await apply(failing, asleep('after'))
    assert.equal(failed?.action, 'failed')
    assert.match(failed?.message ?? '', /^it ended with exit code 4\n.*no luck$/)
    assert.equal(
      bench.supervisor.status().some(({ name }) => name === 'after'),
      false,
    )
    await apply(failing)
    assert.equal(await ran(), 4)
    assert.equal(bench.status('shot').state, 'EXITED')
    await apply()
  })

  test('a one-shot that an agent left running is waited for, not run twice', async () => {
    const [ran, go] = [join(scratch, 'ran-once'), join(scratch, 'go')]
    const shot = service('long', `printf x >>${ran}; until [ -e ${go} ]; do sleep 0.02; done`, { kind: 'one-shot' })
    const first = apply(shot)
    await eventually('it runs', () => existsSync(ran))
    const next = bench.again()
    await next.open()
    const second = next.apply('slappart0', [shot])
    await writeFile(go, '')
    assert.deepEqual(await first, [{ name: 'long', action: 'completed' }])
    assert.deepEqual(await second, [{ name: 'long', action: 'completed' }])
    assert.equal(await readFile(ran, 'utf8'), 'x')
    await next.close()
    await apply()
  })

  test('a one-shot that does not end is ended', async () => {
    const [change] = await apply({ ...asleep('endless'), kind: 'one-shot', timeoutMs: 200 })
    assert.deepEqual(change, { name: 'endless', action: 'failed', message: 'it did not end within 0.2 s' })
    await apply()
    assert.deepEqual(await bench.marked(), [])
  })

  test('what is stopped by hand stays so until it is started by hand', async () => {
    await apply(asleep('held'))
    const by = (action: 'start' | 'stop' | 'restart') => bench.supervisor.control(action, 'slappart0:held-on-watch')
    const said = (message: string, ok = true) => [{ title: 'slappart0:held-on-watch', ok, message }]
    assert.deepEqual(await by('start'), said('ERROR (already started)', false))
    assert.deepEqual(await by('stop'), said('stopped'))
    assert.deepEqual(await by('stop'), said('ERROR (not running)', false))
    assert.deepEqual(await apply(asleep('held')), [])
    assert.equal(bench.status('held').state, 'STOPPED')
    assert.deepEqual(await by('start'), said('started'))
    const pid = bench.pid('held')
    assert.deepEqual(await by('restart'), [...said('stopped'), ...said('started')])
    assert.notEqual(bench.pid('held'), pid)
    assert.deepEqual(await bench.supervisor.control('start', 'slappart0:zzz'), [
      { title: 'slappart0:zzz', ok: false, message: 'ERROR (no such process)' },
    ])
  })

  test('transitions arrive, and say what nobody asked for', async () => {
    await apply(asleep('seen'))
    const heard: Transition[] = []
    const silence = bench.supervisor.onTransition((transition) => heard.push(transition))
    const pid = bench.pid('seen')
    process.kill(pid, 'SIGKILL')
    await eventually('its end and its next life', () => heard.some(({ after }) => after?.state === 'RUNNING'))
    assert.equal(heard.find(({ unexpected }) => unexpected)?.before?.pid, pid)
    assert.equal(heard.find(({ unexpected }) => unexpected)?.after?.signal, 'SIGKILL')
    heard.length = 0
    await bench.supervisor.control('stop', 'slappart0:seen')
    await eventually('STOPPED', () => heard.at(-1)?.after?.state === 'STOPPED')
    assert.equal(
      heard.some(({ unexpected }) => unexpected),
      false,
    )
    silence()
  })

  test('environment, directory and arguments arrive as they were given, and nothing else', async () => {
    const values = { QUOTED: `it's "$HOME" \`x\` \n second line`, LD_PRELOAD: '', EMPTY: '' }
    const script = 'env; pwd; echo "[$1]"'
    const definition = service('env', script, { kind: 'one-shot', environment: values, directory: scratch })
    await apply({ ...definition, command: ['/bin/sh', '-c', script, 'sh', `a b'c$d`] })
    const log = await bench.supervisor.tail('slappart0:env', { bytes: 10_000 })
    assert.match(log, /QUOTED=it's "\$HOME" `x` \n.* second line/)
    assert.ok(log.includes(`${scratch}\n`) && log.includes(`[a b'c$d]`) && log.includes(`HOME=${scratch}`))
    const names = [...log.matchAll(/^\S+ \S+ {2}([A-Z_]+)=/gm)].map(([, name]) => name)
    const expected = ['EMPTY', 'HOME', 'LD_PRELOAD', 'LOGNAME', 'PATH', 'PWD', 'QUOTED', 'SLAPOS_SERVICE', 'USER']
    assert.deepEqual(names.filter((name) => name !== 'OLDPWD').sort(), expected)
  })

  test('a flood of words costs a bounded disk', async () => {
    const small = await openBench({ logBytes: 10_000, logFiles: 2 })
    try {
      await small.supervisor.apply('slappart0', [
        service('flood', 'yes "$(printf %0100d 7)" | head -c 3000000; echo over; sleep 1000'),
      ])
      await eventually('the flood is over', async () =>
        (await small.supervisor.tail('slappart0:flood')).includes('over'),
      )
      const logs = small.supervisor.logDirectory('slappart0', 'flood')
      let total = 0
      for (const name of await readdir(logs)) total += (await stat(join(logs, name))).size
      assert.ok(total < 40_000, `${total} bytes`)
    } finally {
      await small.end()
    }
  })

  test('who follows a log reads every line, across rotations', async () => {
    const small = await openBench({ logBytes: 5000, logFiles: 20 })
    try {
      const go = join(small.directory, 'go')
      const script = `until [ -e ${go} ]; do echo ready; sleep 0.1; done; i=0
        while [ $i -lt 600 ]; do i=$((i+1)); echo "line $i."; done; exec sleep 1000`
      await small.supervisor.apply('slappart0', [service('talk', script)])
      const abort = new AbortController()
      let heard = ''
      for await (const text of small.supervisor.follow('slappart0:talk', abort.signal)) {
        if (heard === '') await writeFile(go, '')
        heard += text
        if (heard.includes('line 600.')) abort.abort()
      }
      const numbers = [...heard.matchAll(/line (\d+)\./g)].map(([, number]) => Number(number))
      assert.deepEqual(
        numbers,
        Array.from({ length: 600 }, (_, i) => i + 1),
      )
    } finally {
      await small.end()
    }
  })

  test('what is removed leaves no process and no file', async () => {
    await apply(asleep('x'), service('y', 'true', { kind: 'one-shot' }))
    await apply()
    assert.deepEqual(await readdir(join(bench.directory, 'services')), ['::scanner'])
    assert.deepEqual(await readdir(join(bench.directory, 'state')), [])
    assert.deepEqual(await readdir(join(bench.directory, 'logs')), ['::scanner'])
    assert.deepEqual(await bench.marked(), [])
  })

  test('names and variables that the system cannot hold are refused before anything changes', async () => {
    for (const bad of [
      asleep('a/b'),
      asleep('..'),
      asleep('-x'),
      asleep('a:b'),
      asleep('e', { environment: { 'A B': '1' } }),
      asleep('z', { command: ['sleep', '1\0'] }),
      asleep('other', { partition: 'slappart1' }),
    ]) {
      await assert.rejects(apply(bad), { code: 'SERVICE_DEFINITION' })
    }
    assert.deepEqual(bench.supervisor.status(), [])
  })

  test('a pid that is another process now is left alone', async () => {
    await apply(asleep('reused', { up: false }))
    const { spawn } = await import('node:child_process')
    const bystander = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
    try {
      const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
      const lines = ['format=1', 'phase=running', 'generation=x', `pid=${bystander.pid}`, 'start=1', `boot=${boot}`]
      await writeFile(join(bench.directory, 'state/slappart0:reused'), `${lines.join('\n')}\n`)
      await apply(asleep('reused'))
      assert.equal(bench.status('reused').state, 'RUNNING')
      assert.equal(await isAlive(bystander.pid ?? 0), true)
    } finally {
      bystander.kill('SIGKILL')
      await apply()
    }
  })
})

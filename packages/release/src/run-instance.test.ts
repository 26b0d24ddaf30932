import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { isSlapError } from '@slapos/base'
import { copySdk } from './copy-sdk.ts'
import { type RunInstanceOptions, runInstance } from './run-instance.ts'
import { testInput, writeTestRelease } from './test-release.ts'

async function run(
  release: Parameters<typeof writeTestRelease>[0],
  options: Partial<RunInstanceOptions> & { readonly built?: boolean } = {},
) {
  const { directory, remove } = await writeTestRelease(release)
  try {
    if (options.built) await copySdk(directory)
    return await runInstance({ releaseDirectory: directory, input: testInput(), ...options })
  } finally {
    await remove()
  }
}

const refused =
  (code: string, text = /./) =>
  (error: unknown) => {
    assert.ok(isSlapError(error), String(error))
    assert.equal(error.code, code, error.line)
    assert.match(error.line, text)
    return true
  }

const EXAMPLE = `
  const config = instance.file('etc/app.conf', 'port=' + instance.parameters.port, { mode: 0o600 })
  instance.directory('srv/data')
  instance.oneShot('prepare', { command: ['/bin/true'], reads: [config] })
  const app = instance.service('app', { command: ['/bin/sleep', '9'], reload: { signal: 'SIGHUP', reads: [config] } })
  instance.promise.process('runs', app)
  instance.promise.tcp('listens', { host: instance.ipv4, port: instance.parameters.port })
  instance.forward({ listenPort: 80, targetPort: 8080 })
  const child = instance.request('child', { parameters: { a: 1 } })
  instance.publish({ url: 'http://' + instance.ipv4, child: child?.url ?? 'waits' })
  instance.publishSlave('SOFTINST-9', { url: 'x' })
  instance.controller(app)
  console.log('authors may print')`

for (const built of [false, true]) {
  test(`a release ${built ? 'with its own SDK' : 'in source form'} gives its plan`, async () => {
    const schema = { type: 'object', properties: { port: { type: 'integer', default: 8080 } } }
    const plan = await run({ body: EXAMPLE, schema }, { built })
    assert.deepEqual(plan, {
      format: 1,
      files: [{ path: 'etc/app.conf', content: 'port=8080', mode: 0o600 }],
      directories: [{ path: 'srv/data' }],
      oneShots: [{ name: 'prepare', command: ['/bin/true'], reads: ['etc/app.conf'] }],
      services: [{ name: 'app', command: ['/bin/sleep', '9'], reload: { signal: 'SIGHUP', reads: ['etc/app.conf'] } }],
      promises: [
        { name: 'runs', kind: 'process', service: 'app' },
        { name: 'listens', kind: 'tcp', host: '127.0.0.2', port: 8080 },
      ],
      forwards: [{ protocol: 'tcp', listenPort: 80, targetAddress: '127.0.0.2', targetPort: 8080 }],
      requests: [{ title: 'child', softwareType: 'default', parameters: { a: 1 } }],
      publish: { url: 'http://127.0.0.2', child: 'waits' },
      publishSlaves: { 'SOFTINST-9': { url: 'x' } },
      controller: { service: 'app' },
    })
  })
}

test('parameters that do not fit the schema are refused with the field', async () => {
  const schema = { type: 'object', properties: { port: { type: 'integer' } }, additionalProperties: false }
  const input = testInput({ parameters: { port: 'x' } })
  await assert.rejects(run({ schema }, { input }), refused('PARAMETERS_INVALID', /port must be integer/))
  const unknown = testInput({ parameters: { prot: 1 } })
  await assert.rejects(run({ schema }, { input: unknown }), refused('PARAMETERS_INVALID', /\(prot\)/))
})

test('xml serialisation: texts become what the schema wants', async () => {
  const plan = await run(
    {
      body: 'instance.publish({ next: `${instance.parameters.port + 1}` })',
      schema: { type: 'object', properties: { port: { type: 'integer' } } },
      manifest: { serialisation: 'xml' },
    },
    { input: testInput({ parameters: { port: '80' } }) },
  )
  assert.equal(plan.publish['next'], '81')
})

test('json-in-xml parameters that came as plain texts become what the schema wants too', async () => {
  const schema = { type: 'object', properties: { port: { type: 'integer' }, on: { type: 'boolean' } } }
  const body = 'instance.publish({ next: `${instance.parameters.port + 1} ${instance.parameters.on === true}` })'
  const input = testInput({ parameters: { port: '80', on: 'true' } })
  assert.equal((await run({ body, schema }, { input, texts: true })).publish['next'], '81 true')
  await assert.rejects(run({ body, schema }, { input }), refused('PARAMETERS_INVALID', /port must be integer/))
})

test('secrets are stable, differ by name and by instance', async () => {
  const body = "instance.publish({ a: instance.secret('a'), b: instance.secret('b', 12) })"
  const [one, two] = await Promise.all([run({ body }), run({ body })])
  const other = await run({ body }, { input: testInput({ seed: 'a5'.repeat(32) }) })
  assert.deepEqual(one.publish, two.publish)
  assert.match(String(one.publish['a']), /^[A-Za-z0-9]{32}$/)
  assert.match(String(one.publish['b']), /^[A-Za-z0-9]{12}$/)
  assert.notEqual(one.publish['a'], other.publish['a'])
})

test('an error of the author is shown with its place', async () => {
  await assert.rejects(
    run({ body: "throw new Error('no such disk')" }),
    refused('INSTANCE_FAILED', /no such disk .*instance\.ts/),
  )
  await assert.rejects(run({ source: 'export default {}' }), refused('INSTANCE_FAILED', /defineInstance/))
  await assert.rejects(run({ source: 'this is not code' }), refused('INSTANCE_FAILED'))
})

describe('a hostile release gets nowhere:', () => {
  test('endless loop', async () => {
    await assert.rejects(run({ body: 'for (;;) {}' }, { timeoutMs: 700 }), refused('INSTANCE_TIMEOUT'))
  })
  test('a wait without end', async () => {
    await assert.rejects(
      run({ body: 'await new Promise(() => setInterval(() => {}, 1e6))' }, { timeoutMs: 700 }),
      refused('INSTANCE_TIMEOUT'),
    )
  })
  test('huge output', async () => {
    const body =
      "const { writeSync } = await import('node:fs'); for (;;) try { writeSync(1, 'x'.repeat(65536)) } catch {}"
    await assert.rejects(run({ body }), refused('INSTANCE_OUTPUT', /longer than/))
  })
  test('a huge plan', async () => {
    const body = "instance.file('a', 'x'.repeat(5 * 1024 * 1024))"
    await assert.rejects(run({ body }), refused('INSTANCE_OUTPUT', /longer than/))
  })
  test('memory bomb of objects', async () => {
    const body = 'const all = []; for (;;) all.push(new Array(1000).fill(Math.random()))'
    await assert.rejects(run({ body }, { memoryMb: 64, timeoutMs: 20_000 }), refused('INSTANCE_MEMORY'))
  })
  test('memory bomb of buffers', async () => {
    const body = 'const all = []; for (;;) all.push(Buffer.alloc(1 << 24, 1))'
    await assert.rejects(run({ body }, { memoryMb: 64, timeoutMs: 20_000 }), (error: unknown) => {
      assert.ok(isSlapError(error) && ['INSTANCE_MEMORY', 'INSTANCE_FAILED'].includes(error.code), String(error))
      return true
    })
  })
  test('process.exit', async () => {
    await assert.rejects(run({ body: 'process.exit(0)' }), refused('INSTANCE_OUTPUT', /without a plan/))
    await assert.rejects(run({ body: 'process.exit(7)' }), refused('INSTANCE_FAILED', /exit code 7/))
  })
  test('forged paths', async () => {
    for (const path of ['../x', '/etc/passwd', 'a/../../x', 'a//b', './a', '.slapos-resource', 'a\\0b', 'a/']) {
      await assert.rejects(
        run({ body: forge(`{ files: [{ path: ${JSON.stringify(path)}, content: '' }] }`) }),
        refused('PLAN_INVALID', /files\[0\]\.path/),
        path,
      )
    }
  })
  test('a set-uid file', async () => {
    await assert.rejects(
      run({ body: "instance.file('a', '', { mode: 0o4755 })" }),
      refused('PLAN_INVALID', /files\[0\]\.mode/),
    )
  })
  test('prototype tricks', async () => {
    const body = forge(`JSON.parse('{"publish":{"__proto__":{"admin":true}}}')`)
    await assert.rejects(run({ body }), refused('PLAN_INVALID', /__proto__/))
    assert.equal(Reflect.get({}, 'admin'), undefined)
    const polluted = await run({ body: "Object.prototype.toJSON = undefined; instance.publish({ a: 'b' })" })
    assert.deepEqual(polluted.publish, { a: 'b' })
  })
  test('reading files of the machine', async () => {
    for (const path of ['/etc/shadow', '/etc/passwd', '/proc/self/environ', tmpdir()]) {
      const body = `const fs = await import('node:fs'); fs.readFileSync(${JSON.stringify(path)})`
      await assert.rejects(run({ body }), refused('INSTANCE_FAILED', /restricted/), path)
    }
  })
  test('writing, even into the release', async () => {
    const target = join(tmpdir(), `slapos-hostile-${process.pid}`)
    const body = `const fs = await import('node:fs'); fs.writeFileSync(${JSON.stringify(target)}, 'x')`
    await assert.rejects(run({ body }), refused('INSTANCE_FAILED', /restricted/))
    const sqlite = `const { DatabaseSync } = await import('node:sqlite'); new DatabaseSync(${JSON.stringify(target)})`
    await assert.rejects(run({ body: sqlite }), refused('INSTANCE_FAILED', /cannot import node:sqlite/))
    assert.equal(existsSync(target), false)
    await rm(target, { force: true })
  })
  test('network', async () => {
    const server = createServer(() => assert.fail('it connected'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const body = `await fetch('http://127.0.0.1:${port}/')`
      await assert.rejects(run({ body }), refused('INSTANCE_FAILED'))
      const plain = `const net = await import('node:net'); net.connect(${port})`
      await assert.rejects(run({ body: plain }), refused('INSTANCE_FAILED', /cannot import node:net/))
    } finally {
      server.close()
    }
  })
  test('other processes, workers, add-ons', async () => {
    for (const name of [
      'child_process',
      'worker_threads',
      'module',
      'inspector',
      'os',
      'vm',
      'process',
      'cluster',
      'dgram',
    ]) {
      await assert.rejects(
        run({ body: `await import('node:${name}')` }),
        refused('INSTANCE_FAILED', /cannot import/),
        name,
      )
    }
    for (const call of [
      'kill(1, 0)',
      "binding('spawn_sync')",
      "getBuiltinModule('child_process')",
      "execve('/bin/true', [], {})",
    ]) {
      await assert.rejects(run({ body: `process.${call}` }), refused('INSTANCE_FAILED', /not available/), call)
    }
  })
  test('the environment and the command line say nothing', async () => {
    const plan = await run({ body: 'instance.publish({ environment: JSON.stringify(process.env) })' })
    assert.equal(plan.publish['environment'], '{}')
  })
  test('a forward to another machine', async () => {
    const body = "instance.forward({ listenPort: 80, targetPort: 80, targetAddress: '192.0.2.1' })"
    await assert.rejects(run({ body }), refused('PLAN_INVALID', /forwards\[0\]\.targetAddress/))
  })
  test('a schema that leads out of the release', async () => {
    await assert.rejects(run({ schema: { $ref: '../../etc/passwd' } }), refused('SCHEMA_INVALID', /out of the release/))
    await assert.rejects(run({ schema: { $ref: 'https://example.org/x.json' } }), refused('SCHEMA_INVALID', /remote/))
  })
  test('a schema that takes for ever', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } }
    const input = testInput({ parameters: { a: `${'a'.repeat(60)}!` } })
    await assert.rejects(run({ schema }, { input, timeoutMs: 1000 }), refused('INSTANCE_TIMEOUT'))
  })
})

/** A body that answers a plan of its own making instead of the builder's. */
function forge(change: string): string {
  return `const { writeSync } = await import('node:fs')
    const empty = { format: 1, files: [], directories: [], oneShots: [], services: [], promises: [], forwards: [], requests: [], publish: {}, publishSlaves: {} }
    const forged = ${change}
    const parts = Object.keys(empty).map(key => JSON.stringify(key) + ':' + JSON.stringify(Object.hasOwn(forged, key) ? forged[key] : empty[key]))
    writeSync(1, '{"plan":{' + parts.join(',') + '}}')
    process.exit(0)`
}

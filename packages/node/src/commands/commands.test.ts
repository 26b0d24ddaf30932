import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { FakeProxy } from '@slapos/testkit/proxy/fake-proxy.ts'
import { createLocalNode, type LocalNode } from '../../test/local-node.ts'
import { openAgent } from '../agent/run-agent.ts'
import { localPaths, readConfig } from '../config/index.ts'
import { bangCommand } from './bang.ts'
import { formatCommand } from './format.ts'
import type { CommandIo } from './io.ts'
import { instanceCommand, promiseCommand, reportCommand, softwareCommand } from './pass.ts'
import { registerNode } from './register.ts'
import { controlCommand, statusCommand, tailCommand } from './status.ts'

const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    if (instance.parameters.broken) throw new Error('out of order')
    instance.oneShot('prepare', { command: ['/bin/echo', 'prepared'] })
    instance.service('web', { command: ['/bin/sh', '-c', 'echo up; exec sleep 1000'] })
    instance.promise.command('fine', { command: ['/bin/sh', '-c', instance.parameters.unhealthy ? 'echo sick; exit 1' : 'echo fine'] })
  },
})
`

describe('node commands', () => {
  let node: LocalNode
  let root = ''
  let cfg = ''
  let proxy: FakeProxy
  const texts = { out: '', err: '' }
  const io: CommandIo = {
    out: (text) => {
      texts.out += text
    },
    err: (text) => {
      texts.err += text
    },
    environment: {},
  }
  /** Runs a command; answers its exit code, its output, and its log lines without date and pid. */
  const run = async (command: (io: CommandIo) => Promise<number>) => {
    texts.out = ''
    texts.err = ''
    const code = await command(io)
    const log = texts.err.replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (\S+)\[\d+\] /gm, '$1 ')
    return { code, out: texts.out.trimEnd().split('\n'), log: log.trimEnd().split('\n') }
  }
  const request = (parameters: object) =>
    proxy.request({ title: 'web', releaseUrl: join(root, 'release'), parameters: { _: JSON.stringify(parameters) } })

  before(async () => {
    node = await createLocalNode({ release: { 'instance.ts': INSTANCE }, partitions: 2, format: false })
    ;({ root, cfg, proxy } = node)
  })
  after(() => node.end())

  it('status answers on a node where nothing ever ran', async () => {
    const { code, out } = await run((on) => statusCommand(on, { cfg }))
    assert.deepEqual(out, ['watchdog                         STOPPED   Not started'])
    assert.equal(code, 3)
  })

  it('format --dry-run prints the plan and changes nothing', async () => {
    const { code, out } = await run((on) => formatCommand(on, { cfg, dryRun: true }))
    assert.equal(code, 0)
    assert.ok(
      out.includes(`  slappart0  directory ${root}/srv/slapgrid/slappart0 (0750), .slapos-resource`),
      out.join('\n'),
    )
    await assert.rejects(stat(join(root, 'srv')))
    assert.equal(proxy.calls.length, 0)
  })

  it('format tells what is asked for in vain, and takes the options of the existing command', async () => {
    const before = await readFile(cfg, 'utf8')
    await writeFile(cfg, before.replace(/^create_tap = .*$/m, 'create_tap = True\ncreate_tun = True'))
    const options = { cfg, dryRun: true, inputDefinitionFile: '/x', alterUser: 'True', alterNetwork: 'false' }
    const { code, log } = await run((on) => formatCommand(on, options))
    await writeFile(cfg, before)
    assert.equal(code, 0)
    assert.deepEqual(log.slice(0, 3), [
      `slapos WARNING ${cfg}: option create_tap of [slapformat] has no effect: this node makes no tap devices`,
      `slapos WARNING ${cfg}: option create_tun of [slapformat] has no effect: this node makes no tun devices`,
      'slapos WARNING definition files have no effect: partitions are described by slapos.cfg alone',
    ])
    await assert.rejects(formatCommand(io, { cfg, dryRun: true, alterUser: 'maybe' }), {
      ...{ code: 'TRUE_OR_FALSE', exit: 1 },
    })
  })

  it('format --now prints the three lines of the tutorial in steady state', async () => {
    assert.equal((await run((on) => formatCommand(on, { cfg, now: true }))).code, 0)
    const { code, log } = await run((on) => formatCommand(on, { cfg, now: true }))
    assert.deepEqual(log, [
      'slapos INFO Updating computer',
      `slapos INFO Posting information to '${proxy.url.slice(0, -1)}'`,
      'slapos INFO slapos successfully prepared the computer.',
    ])
    assert.equal(code, 0)
  })

  it('format tells the truth when the Master does not answer', async () => {
    await proxy.pause()
    const { code, log } = await run((on) => formatCommand(on, { cfg, now: true }))
    await proxy.resume()
    assert.equal(code, 2)
    assert.ok(!log.join('\n').includes('successfully'))
    assert.match(log.at(-2) ?? '', /^slapos ERROR failed to transfer information to '/)
  })

  it('software and instance do one pass without an agent', async () => {
    proxy.supply(join(root, 'release'))
    request({})
    const software = await run((on) => softwareCommand(on, { cfg }))
    assert.equal(software.log[0], 'slapos INFO Processing software releases...')
    assert.ok(software.log.includes(`slapos INFO Installing software release ${root}/release...`))
    assert.equal(software.log.at(-1), 'slapos INFO Finished software releases.')
    assert.equal(software.code, 0)
    const instance = await run((on) => instanceCommand(on, { cfg }))
    assert.equal(instance.code, 0)
    assert.equal(instance.log[0], 'slapos INFO Processing computer partitions...')
    assert.ok(instance.log.includes('slapos INFO Processing Computer Partition slappart0.'))
    assert.ok(instance.log.includes('slapos INFO   Instance status: started'))
    assert.equal(instance.log.at(-1), 'slapos INFO Finished computer partitions.')
    assert.ok(proxy.calls.some(({ path }) => path === 'startedComputerPartition'))
  })

  it('report tells what programs of partitions say of their usage', async () => {
    const reports = join(root, 'srv/slapgrid/slappart0/var/xml_report')
    await mkdir(reports, { recursive: true })
    const movement =
      '<movement><resource>visits</resource><quantity>7</quantity><price>0</price><VAT/><category/></movement>'
    await writeFile(join(reports, 'visits.xml'), `<consumption>${movement}</consumption>`)
    const { code, log } = await run((on) => reportCommand(on, { cfg }))
    assert.equal(code, 0)
    assert.deepEqual(log.slice(0, 2), [
      'slapos INFO Processing usage reports...',
      'slapos INFO Finished usage reports.',
    ])
    const [told] = node.told('useComputer')
    assert.equal(told?.['computer_id'], 'local_computer')
    assert.match(told?.['use_string'] ?? '', /<resource>visits<.*<reference>slappart0<.*<quantity>7\.0</)
    assert.deepEqual(await readdir(reports), [])
  })

  it('software says why a release is not built, and when it is tried again', async () => {
    const url = join(root, 'nothing-here')
    proxy.supply(url)
    const failed = await run((on) => softwareCommand(on, { cfg, only: url }))
    assert.equal(failed.code, 1)
    const waiting = await run((on) => softwareCommand(on, { cfg, only: url }))
    assert.equal(waiting.code, 1)
    assert.match(
      waiting.log.join('\n'),
      /ERROR .*nothing-here.* \(it is tried again in \d+ s; now: slapos node software --force\)/,
    )
    proxy.state.forget(url)
  })

  it('status lists processes as supervisorctl does', async () => {
    const { out } = await run((on) => statusCommand(on, { cfg }))
    assert.match(out[0] ?? '', /^slappart0:prepare {16}EXITED {4}\w{3} \d\d \d\d:\d\d [AP]M$/)
    assert.match(out[1] ?? '', /^slappart0:web-on-watch {11}RUNNING {3}pid \d+, uptime 0:00:\d\d$/)
    const unknown = await run((on) => statusCommand(on, { cfg }, ['slappart0:nothing']))
    assert.deepEqual([unknown.code, unknown.out.at(-1)], [4, 'slappart0:nothing: ERROR (no such process)'])
  })

  it('stop, start, restart and tail', async () => {
    const control = (action: 'start' | 'stop' | 'restart', name: string) =>
      run((on) => controlCommand(on, { cfg }, action, [name]))
    assert.deepEqual((await control('stop', 'slappart0:web-on-watch')).out, ['slappart0:web-on-watch: stopped'])
    assert.deepEqual((await control('stop', 'slappart0:web')).out, ['slappart0:web-on-watch: ERROR (not running)'])
    assert.deepEqual((await control('start', 'slappart0:web')).out, ['slappart0:web-on-watch: started'])
    const missing = await control('restart', 'slappart0:zzz')
    assert.deepEqual([missing.code, missing.out], [1, ['slappart0:zzz: ERROR (no such process)']])
    assert.match((await run((on) => tailCommand(on, { cfg }, 'slappart0:web'))).out.join('\n'), /up/)
  })

  it('a failing promise ends instance with 2, and its summary says so', async () => {
    request({ unhealthy: true })
    const { code, log } = await run((on) => instanceCommand(on, { cfg }))
    assert.equal(code, 2)
    assert.deepEqual(log.slice(-4, -1), [
      'slapos INFO Finished computer partitions.',
      `slapos INFO ${'='.repeat(80)}`,
      'slapos INFO Error with promises for the following partitions:',
    ])
    assert.match(log.at(-1) ?? '', /^slapos INFO {3}slappart0\[default\]: Promise 'fine' failed with output: .*sick/)
  })

  it('a failing partition ends instance with 1, an unknown one is named, a lost Master is 3', async () => {
    request({ broken: true })
    const failed = await run((on) => instanceCommand(on, { cfg }))
    assert.equal(failed.code, 1)
    assert.match(failed.log.join('\n'), /slappart0\[default\]: .*out of order/)
    await assert.rejects(
      run((on) => instanceCommand(on, { cfg, only: 'slappart9,foo' })),
      { message: 'Unknown partitions: foo, slappart9' },
    )
    request({})
    await run((on) => instanceCommand(on, { cfg, force: true }))
    await proxy.pause()
    const lost = await run((on) => instanceCommand(on, { cfg }))
    await proxy.resume()
    assert.equal(lost.code, 3)
    assert.ok(lost.log.includes('slapos INFO Processing computer partitions offline...'))
  })

  it('asks the agent when one runs, and shows it as watchdog', async () => {
    const running = await openAgent(await readConfig(cfg))
    try {
      const status = await run((on) => statusCommand(on, { cfg }))
      assert.match(status.out.at(-1) ?? '', new RegExp(`^watchdog {25}RUNNING {3}pid ${process.pid}, uptime 0:00:0`))
      assert.equal(status.code, 0)
      assert.equal((await run((on) => instanceCommand(on, { cfg }))).code, 0)
      const promise = await run((on) => promiseCommand(on, { cfg }))
      assert.match(promise.out[0] ?? '', /^slappart0 fine: OK /)
      assert.equal((await run((on) => reportCommand(on, { cfg }))).code, 0)
    } finally {
      await running.close()
    }
  })

  it('bang says what it does', async () => {
    const { code, out } = await run((on) => bangCommand(on, { cfg, message: 'again' }))
    assert.deepEqual([code, out], [0, [`Banging to '${proxy.url}'`, "Bang with message 'again'"]])
  })

  it('register keeps the key here, writes the files, and sets a former configuration aside', async () => {
    const seen: string[] = []
    const master = createServer((message, response) => {
      let body = ''
      message.on('data', (chunk) => {
        body += chunk
      })
      message.on('end', () => {
        seen.push(body)
        const used = message.headers['x-access-token'] !== 'good'
        const certificate =
          'Subject: CN=COMP-7/emailAddress=x\n-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
        response.writeHead(used ? 403 : 200, { 'content-type': 'application/json' })
        response.end(used ? '' : JSON.stringify({ certificate, reference: 'COMP-7' }))
      })
    })
    await new Promise<void>((resolve) => master.listen(0, '127.0.0.1', resolve))
    const address = master.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    const prefix = join(root, 'registered')
    const lines: string[] = []
    const registration = {
      name: 'here',
      mode: 'local' as const,
      masterUrl: url,
      masterUrlWeb: `${url}/`,
      paths: localPaths(prefix, join(prefix, 'runtime')),
      ipv4LocalNetwork: '127.5.6.0/24',
      log: (_level: string, message: string) => void lines.push(message),
    }
    try {
      await assert.rejects(registerNode({ ...registration, token: 'bad' }), { code: 'TOKEN_REFUSED' })
      assert.equal(await registerNode({ ...registration, token: 'good' }), 'COMP-7')
      assert.equal(lines.at(-1), 'Node has successfully been configured as COMP-7.')
      assert.match(seen.at(-1) ?? '', /csr=-----BEGIN\+CERTIFICATE\+REQUEST/)
      const config = await readConfig(registration.paths.configuration)
      assert.equal(config.computerId, 'COMP-7')
      assert.match(await readFile(config.keyFile ?? '', 'utf8'), /PRIVATE KEY/)
      assert.equal((await stat(config.keyFile ?? '')).mode & 0o777, 0o600)
      await registerNode({ ...registration, token: 'good' })
      assert.ok((await stat(`${prefix}/etc/opt/slapos.old/slapos.cfg`)).isFile())
    } finally {
      await new Promise((resolve) => master.close(resolve))
    }
  })
})

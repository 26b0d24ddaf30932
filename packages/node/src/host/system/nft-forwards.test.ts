import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { eventually } from '../../supervise/testing.ts'
import { NftForwards, tableText } from './nft-forwards.ts'

const NAMESPACE = `slapos-nft-${process.pid}`
const inside = ['ip', 'netns', 'exec', NAMESPACE] as const
const run = (...[program = '', ...args]: readonly string[]) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })
const http = { protocol: 'tcp', listenPort: 80, targetAddress: '10.0.0.2', targetPort: 8080 } as const

test('a table says all of a partition, and removes what was there', () => {
  assert.equal(
    tableText('slappart0', [], '10.0.0.0/16'),
    'add table ip slapos_forward_slappart0; delete table ip slapos_forward_slappart0',
  )
  assert.match(
    tableText('slappart0', [{ ...http, listenAddress: '192.0.2.1' }], '10.0.0.0/16'),
    /ip daddr 192\.0\.2\.1 tcp dport 80 dnat to 10\.0\.0\.2:8080;/,
  )
})

describe('forwards by the kernel', { skip: process.getuid?.() !== 0 && 'needs root' }, () => {
  const lines: string[] = []
  const options = { nft: [...inside, 'nft'], ipv4Network: '10.0.0.0/16', log: (line: string) => lines.push(line) }
  const forwards = new NftForwards(options)
  const tables = () => run(...inside, 'nft', 'list', 'ruleset')
  let server: ReturnType<typeof spawn>

  before(async () => {
    run('ip', 'netns', 'add', NAMESPACE)
    run(...inside, 'ip', 'link', 'set', 'lo', 'up')
    for (const address of ['10.0.0.2/32', '10.0.0.3/32', '192.0.2.1/32']) {
      run(...inside, 'ip', 'address', 'add', address, 'dev', 'lo')
    }
    server = spawn(
      'ip',
      ['netns', 'exec', NAMESPACE, 'socat', 'TCP4-LISTEN:8080,bind=10.0.0.2,fork,reuseaddr', 'SYSTEM:echo hello'],
      { stdio: 'ignore', detached: true },
    )
    await eventually('it listens', async () => run(...inside, 'ss', '-ltn').includes('10.0.0.2:8080'))
  })
  after(() => {
    if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL')
    run('ip', 'netns', 'del', NAMESPACE)
  })
  const ask = (address: string) => run(...inside, 'socat', '-u', `TCP4:${address}:80,connect-timeout=5`, '-')

  test('a public port leads to the partition, and addresses of partitions stay theirs', async () => {
    assert.ok(await forwards.takes(http))
    assert.equal(await forwards.takes({ ...http, targetAddress: 'fc01::2' }), false)
    await forwards.apply('slappart0', [http])
    assert.equal(ask('192.0.2.1'), 'hello\n')
    assert.throws(() => ask('10.0.0.3'), /refused/)
  })

  test('an agent that starts anew finds its rules, and replaces them', async () => {
    const next = new NftForwards(options)
    await next.apply('slappart0', [http])
    assert.equal(tables().match(/dnat to/g)?.length, 2)
    assert.equal(ask('192.0.2.1'), 'hello\n')
  })

  test('a port that another partition has stays there, and says so', async () => {
    await forwards.apply('slappart1', [{ ...http, targetAddress: '10.0.0.3' }])
    assert.ok(!tables().includes('10.0.0.3'))
    assert.deepEqual(lines, ['port 80 of slappart1 is not forwarded: another partition has it'])
  })

  test('without forwards nothing is left', async () => {
    await forwards.apply('slappart0', [])
    assert.equal(tables().trim(), '')
    assert.throws(() => ask('192.0.2.1'), /refused/)
  })
})

import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { assignLocal } from './local-assign.ts'
import { applyFileOperations, emptyDirectory, safeComponents } from './local-files.ts'
import { chooseLocalNetwork, loopbackNetworks, nthAddress } from './local-network.ts'

describe('loopback network of a cloud', () => {
  it('is stable, and differs between clouds', () => {
    assert.deepEqual([...loopbackNetworks('a', 3)], [...loopbackNetworks('a', 3)])
    assert.notEqual(loopbackNetworks('a').next().value, loopbackNetworks('b').next().value)
  })
  it('never leaves 127.1.0.0 to 127.254.255.255', () => {
    for (let i = 0; i < 200; i++)
      assert.match(loopbackNetworks(`c${i}`).next().value ?? '', /^127\.[1-9]\d*\.\d+\.0\/24$/)
  })
  it('can be bound', async () => assert.match(await chooseLocalNetwork('test'), /^127\./))
  it('gives its hosts, and no network or broadcast address', () => {
    assert.equal(nthAddress('127.5.6.0/24', 2), '127.5.6.2')
    assert.equal(nthAddress('10.0.0.0/16', 300), '10.0.1.44')
    assert.equal(nthAddress('127.5.6.0/24', 255), undefined)
    assert.equal(nthAddress('127.5.6.0/24', 0), undefined)
    assert.equal(nthAddress('nonsense', 1), undefined)
  })
})

describe('addresses of partitions', () => {
  const request = (count: number) => ({
    count,
    partitionBase: 'slappart',
    userBase: 'u',
    softwareUser: 's',
    tapBase: 't',
  })
  const at = { network: '127.5.6.0/24', instances: '/srv', user: 'me' }
  it('are distinct and stay when the number grows', () => {
    const first = assignLocal({ ...request(3), remembered: [] }, at).partitions
    assert.deepEqual(
      first.map((p) => p.address_list[0]?.addr),
      ['127.5.6.2', '127.5.6.3', '127.5.6.4'],
    )
    const moved = first.map((p, i) => (i === 0 ? { ...p, address_list: [{ addr: '127.5.6.9', netmask: '' }] } : p))
    const grown = assignLocal({ ...request(9), remembered: moved }, at).partitions
    assert.equal(grown[0]?.address_list[0]?.addr, '127.5.6.9')
    assert.equal(new Set(grown.map((p) => p.address_list[0]?.addr)).size, 9)
  })
  it('says when the network is too small', () => {
    assert.throws(() => assignLocal({ ...request(300), remembered: [] }, at), { code: 'ADDRESS_SPACE' })
  })
})

describe('files of a partition', () => {
  const made: string[] = []
  const directory = async () => {
    const path = await mkdtemp(join(tmpdir(), 'files-'))
    made.push(path)
    return path
  }
  after(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))))
  const file = (path: string, content = 'x', mode = 0o640) => ({
    remove: [],
    directories: [],
    files: [{ path, content, mode }],
  })

  it('are written with their mode, replaced, and removed', async () => {
    const root = await directory()
    await applyFileOperations(root, file('etc/a/b.conf', 'one', 0o600))
    await applyFileOperations(root, file('etc/a/b.conf', 'two', 0o755))
    assert.equal(await readFile(join(root, 'etc/a/b.conf'), 'utf8'), 'two')
    assert.equal((await stat(join(root, 'etc/a/b.conf'))).mode & 0o7777, 0o755)
    const result = await applyFileOperations(root, { remove: ['etc/a/b.conf', 'no/such'], directories: [], files: [] })
    assert.deepEqual(result, { removed: 1, written: 0 })
    assert.deepEqual(await readdir(join(root, 'etc/a')), [])
  })

  for (const path of ['/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a/.', '', 'a\0b', `${'y'.repeat(256)}/a`]) {
    it(`refuses ${JSON.stringify(path).slice(0, 20)}`, () => {
      assert.throws(() => safeComponents(path), { code: 'UNSAFE_PATH' })
    })
  }

  it('follow no link, neither in the middle nor at the end', async () => {
    const [root, outside] = [await directory(), await directory()]
    await symlink(outside, join(root, 'etc'))
    await writeFile(join(outside, 'victim'), 'safe')
    await symlink(join(outside, 'victim'), join(root, 'last'))
    await assert.rejects(applyFileOperations(root, file('etc/victim')), { code: 'UNSAFE_PATH' })
    await assert.rejects(applyFileOperations(root, file('last')), { code: 'UNSAFE_PATH' })
    await assert.rejects(applyFileOperations(root, { remove: ['etc/victim'], directories: [], files: [] }), {
      code: 'UNSAFE_PATH',
    })
    await assert.rejects(
      applyFileOperations(root, { remove: [], directories: [{ path: 'etc/dir', mode: 0o750 }], files: [] }),
      { code: 'UNSAFE_PATH' },
    )
    assert.deepEqual(await readdir(outside), ['victim'])
    assert.equal(await readFile(join(outside, 'victim'), 'utf8'), 'safe')
  })

  it('are all removed but what is kept, unreadable trees and links included', async () => {
    const [root, outside] = [await directory(), await directory()]
    await writeFile(join(outside, 'victim'), 'safe')
    await mkdir(join(root, 'a/b/c'), { recursive: true })
    await writeFile(join(root, 'a/b/c/file'), '')
    await chmod(join(root, 'a/b'), 0o000)
    await symlink(outside, join(root, 'link'))
    await writeFile(join(root, '.slapos-resource'), '{}')
    await emptyDirectory(root, ['.slapos-resource'])
    assert.deepEqual(await readdir(root), ['.slapos-resource'])
    assert.deepEqual(await readdir(outside), ['victim'])
  })
})

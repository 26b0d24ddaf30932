import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSlapError } from '@slapos/base'
import { parseIni } from './ini.ts'
import { normalizeMasterUrl, parseConfig } from './read-config.ts'
import { configText, localPaths } from './write-config.ts'

const PATH = '/etc/opt/slapos/slapos.cfg'
const line = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (isSlapError(error)) return error.line
    throw error
  }
  return 'no error'
}
const minimal = `[slapos]
computer_id = COMP-7
master_url = https://[::1]:5443
software_root = /opt/slapgrid
instance_root = /srv/slapgrid
`

describe('INI', () => {
  it('has case-insensitive keys, comments, both separators and continued values', () => {
    const text = `# comment
[a]
Key = one ; not a comment
other: two
list =
  first
# inside
  second

[b]
x=
`
    assert.deepEqual(parseIni(text, PATH), {
      a: { key: 'one ; not a comment', other: 'two', list: '\nfirst\nsecond' },
      b: { x: '' },
    })
  })
  it('interpolates within the section and from [DEFAULT]', () => {
    const text = '[DEFAULT]\nroot = /srv\n[a]\npath = %(root)s/%(Name)s\nname = x\nhalf = 50%%\n'
    assert.deepEqual(parseIni(text, PATH), { a: { root: '/srv', path: '/srv/x', name: 'x', half: '50%' } })
  })
  for (const [text, expected] of [
    ['x = 1', `${PATH} line 1: there is no section before it. Correct that line.`],
    ['[a]\nx = 1\nX = 2', `${PATH} line 3: option x of [a] is there twice. Correct that line.`],
    ['[a]\n[a]', `${PATH} line 2: section [a] is there twice. Correct that line.`],
    ['[a]\nnonsense', `${PATH} line 2: it is neither a section nor "option = value". Correct that line.`],
    [
      '[a]\nx = 5%',
      `${PATH}: option x of [a] is "5%", which is not correct ("%" must be written "%%"). Correct the value.`,
    ],
    [
      '[a]\nx = %(x)s',
      `${PATH}: option x of [a] is "%(x)s", which is not possible (it refers to itself). Correct the value.`,
    ],
    [
      '[a]\nx = %(y)s',
      `${PATH}: option x of [a] is "%(y)s", which is not possible (there is no option y). Correct the value.`,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} in one line`, () =>
      assert.equal(
        line(() => parseIni(text, PATH)),
        expected,
      ))
  }
})

describe('slapos.cfg', () => {
  it('has the defaults of the classic node', () => {
    const config = parseConfig(minimal, PATH)
    assert.equal(config.mode, 'system')
    assert.equal(config.masterUrl, 'https://[::1]:5443/')
    assert.equal(config.rootCheck, true)
    assert.equal(config.softwareMinFreeBytes, 1000 * 1024 ** 2)
    assert.equal(config.maximumPeriodicitySeconds, 86_400)
    assert.equal(config.format.partitionBaseName, 'slappart')
    assert.equal(config.format.logFile, '/opt/slapos/log/slapos-node-format.log')
    assert.deepEqual(config.warnings, [])
  })
  it('reports what it does not know, and accepts what means nothing any more', () => {
    const config = parseConfig(`${minimal}typo_root = 1\npidfile_software = /x\n[slapproxy]\nx = 1\n[odd]\n`, PATH)
    assert.deepEqual(config.warnings, ['unknown option typo_root of [slapos]', 'unknown section [odd]'])
  })
  it('says which wishes of a classic file it does not fulfil, and keeps quiet about switches that are off', () => {
    const more = 'manager_list =\n[slapformat]\ncreate_tap = true\ncreate_tun = False\n[firewall]\ntesting = 1\n'
    assert.deepEqual(parseConfig(minimal + more, PATH).warnings, [
      'option create_tap of [slapformat] has no effect: this node makes no tap devices',
      'section [firewall] has no effect: access to instances is not filtered by this node',
    ])
  })
  it('has the times of the release SDK, and refuses those that leave none', () => {
    const { partitionTimeoutSeconds, promiseTimeoutSeconds } = parseConfig(minimal, PATH)
    assert.deepEqual([partitionTimeoutSeconds, promiseTimeoutSeconds], [10, 20])
    assert.equal(parseConfig(`${minimal}partition-timeout = 1.5`, PATH).partitionTimeoutSeconds, 1.5)
    assert.equal(
      line(() => parseConfig(`${minimal}promise_timeout = 0`, PATH)),
      `${PATH}: option promise_timeout of [slapos] is "0", which is not a number of seconds above 0. Correct the value.`,
    )
  })
  for (const [text, expected] of [
    ['', `Missing mandatory parameters: computer_id, master_url, software_root, instance_root. Add them to ${PATH}.`],
    [
      minimal.replace('COMP-7', ''),
      `Mandatory parameters present but empty: computer_id. Give them a value in ${PATH}.`,
    ],
    [`${minimal}key_file = /k`, `Missing mandatory parameters: cert_file. Add them to ${PATH}.`],
    [
      `${minimal}[slapformat]\nalter_user = maybe`,
      `${PATH}: option alter_user of [slapformat] is "maybe", which is not "True" or "False". Correct the value.`,
    ],
    [
      `${minimal}[slapformat]\npartition_amount = ten`,
      `${PATH}: option partition_amount of [slapformat] is "ten", which is not a number. Correct the value.`,
    ],
    [
      `${minimal}[slapformat]\nbridge_name = br0`,
      `option bridge_name is no longer supported: partitions have addresses of their own on interface_name. Remove it from ${PATH}.`,
    ],
    [
      `${minimal}software_min_free_space = lots`,
      `${PATH}: option software_min_free_space of [slapos] is "lots", which is not a size such as 1000M. Correct the value.`,
    ],
  ] as const) {
    it(`says: ${expected.slice(0, 60)}`, () =>
      assert.equal(
        line(() => parseConfig(text, PATH)),
        expected,
      ))
  }
  it('gives bare IPv6 Masters their brackets', () => {
    assert.equal(normalizeMasterUrl('https://2001:db8::1', PATH), 'https://[2001:db8::1]/')
    assert.equal(normalizeMasterUrl('http://127.0.0.1:5000/', PATH), 'http://127.0.0.1:5000/')
    assert.match(
      line(() => normalizeMasterUrl('ftp://x', PATH)),
      /not an http or https URL/,
    )
  })
  it('reads back what it writes, a percent sign included', () => {
    const paths = localPaths('/home/50%/node', '/home/50%/runtime')
    const config = parseConfig(
      configText({
        ...paths,
        mode: 'local',
        computerId: 'COMP-1',
        masterUrl: 'https://127.0.0.1:5443',
        keyFile: `${paths.ssl}/key`,
        certFile: `${paths.ssl}/certificate`,
        caFile: `${paths.ssl}/ca.crt`,
        certificateRepository: `${paths.ssl}/partition_pki`,
        interfaceName: 'lo',
        ipv4LocalNetwork: '127.5.6.0/24',
        partitionAmount: 10,
        createTap: false,
      }),
      PATH,
    )
    assert.deepEqual(config.warnings, [])
    assert.equal(config.mode, 'local')
    assert.equal(config.rootCheck, false)
    assert.equal(config.paths.state, '/home/50%/node/var')
    assert.equal(config.caFile, '/home/50%/node/etc/opt/slapos/ssl/ca.crt')
    assert.equal(config.format.ipv4LocalNetwork, '127.5.6.0/24')
  })
})

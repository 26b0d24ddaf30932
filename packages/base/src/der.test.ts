import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { createCertificateRequest } from './csr.ts'
import { der, integer, oid, readDer, sequence, TAG } from './der.ts'

test('integers are minimal and never negative', () => {
  assert.deepEqual([...integer(Buffer.from([0, 0, 5]))], [2, 1, 5])
  assert.deepEqual([...integer(Buffer.from([0x80]))], [2, 2, 0, 0x80])
  assert.deepEqual([...integer(Buffer.from([0]))], [2, 1, 0])
})

test('object identifiers follow X.690 8.19', () => {
  assert.equal(oid('1.2.840.113549.1.9.1').toString('hex'), '06092a864886f70d010901')
})

test('what is written is read back, with long lengths', () => {
  const payload = Buffer.alloc(70_000, 7)
  const [outer] = readDer(sequence(der(TAG.octetString, payload), der(TAG.utf8, Buffer.from('x'))))
  assert.ok(outer)
  const [bytes, text] = readDer(outer.content)
  assert.ok(bytes?.content.equals(payload))
  assert.equal(text?.content.toString(), 'x')
})

test('a cut or indefinite element is refused', () => {
  assert.throws(() => readDer(Buffer.from([0x30, 0x05, 1])), RangeError)
  assert.throws(() => readDer(Buffer.from([0x30, 0x80, 0, 0])), RangeError)
  assert.throws(() => readDer(Buffer.from([0x30])), RangeError)
})

test('openssl verifies our certificate requests', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const text = execFileSync('openssl', ['req', '-verify', '-noout', '-subject'], {
    input: createCertificateRequest(privateKey, 'höst'),
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString()
  assert.match(text, /CN ?= ?h/)
})

/**
 * Many machines in one lab host that register with one token at the same time: `crowd.ts API_URL WEB_URL TOKEN COUNT`.
 * Prints what became of each as a JSON list: its reference, or the kind of failure.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { enrolComputer, fetchPinnedCa, MasterError, parseToken } from '@slapos/slap'

const [apiUrl = '', webUrl = '', token = '', count = '1'] = process.argv.slice(2)
const ca = await fetchPinnedCa({ url: apiUrl }, parseToken(token)?.pin ?? '')
const machines = Array.from({ length: Number(count) }, (_, i) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const title = `${token.slice(9, 15)}-${i}`
  return { title, csr: createCertificateRequest(privateKey, title) }
})
// They share one processor, which a hundred machines do not.
const patience = { timeoutMs: 150_000, connectTimeoutMs: 150_000 }
const outcomes = await Promise.all(
  machines.map((machine) =>
    enrolComputer({ url: webUrl, tls: { ca }, ...patience }, { token }, machine).then(
      ({ reference }) => reference ?? 'no reference',
      (error: unknown) => (error instanceof MasterError ? error.kind : String(error)),
    ),
  ),
)
process.stdout.write(`${JSON.stringify(outcomes)}\n`)

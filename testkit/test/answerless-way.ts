/**
 * A way to a web server that loses its answers: `answerless-way.ts HOST`, on port 443. Requests arrive, handshakes pass,
 * and from the client's first encrypted record on nothing comes back.
 */
import { connect, createServer } from 'node:net'

/** Type of a TLS record: since TLS 1.3 everything after the handshake's clear part. */
const APPLICATION_DATA = 23

const [host = ''] = process.argv.slice(2)
const server = createServer((client) => {
  const upstream = connect(443, host)
  let asked = false
  client.on('data', (data: Buffer) => {
    asked ||= holdsRecord(data, APPLICATION_DATA)
    upstream.write(data)
  })
  upstream.on('data', (data) => {
    if (!asked) client.write(data)
  })
  client.on('error', () => {}).on('close', () => upstream.destroy())
  upstream.on('error', () => {}).on('close', () => client.destroy())
})
server.listen(443, '0.0.0.0', () => process.stdout.write('listening\n'))

/** Clients begin a flight with a record: no piece of one begins in the middle here. */
function holdsRecord(data: Buffer, type: number): boolean {
  for (let at = 0; at + 5 <= data.length; at += 5 + data.readUInt16BE(at + 3)) if (data[at] === type) return true
  return false
}

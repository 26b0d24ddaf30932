/**
 * Gives a computer another certificate for the key that it has, as if it had been issued long ago: `age-certificate.ts
 * DATA_DIRECTORY DAYS`, the present one on standard input, for a Master that does not run. Prints the new one.
 */
import { createPublicKey, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { systemClock } from '@slapos/base'
import { openAuthority } from '@slapos/master/identity/ca/authority.ts'

const DAY = 86_400_000
const [directory = '', days = ''] = process.argv.slice(2)
const present = new X509Certificate(await text(process.stdin))
const then = Date.now() - Number(days) * DAY
const authority = await openAuthority(join(directory, 'pki'), { ...systemClock, now: () => then })
const [, commonName = ''] = /^CN=(.*)$/m.exec(present.subject) ?? []
const publicKey = createPublicKey(present.publicKey.export({ type: 'spki', format: 'pem' }))
const aged = authority.issue({ subject: { commonName }, publicKey, use: 'client', life: 400 * DAY })
const database = new DatabaseSync(join(directory, 'state.db'))
const fingerprint = present.fingerprint256.replaceAll(':', '').toLowerCase()
const changed = database
  .prepare('UPDATE certificate SET fingerprint = ?, serial = ?, issued = ?, expires = ? WHERE fingerprint = ?')
  .run(aged.fingerprint, aged.serial, then, aged.notAfter, fingerprint)
database.close()
if (changed.changes !== 1) throw new Error(`there is no certificate ${fingerprint}`)
process.stdout.write(aged.pem + authority.issuing)

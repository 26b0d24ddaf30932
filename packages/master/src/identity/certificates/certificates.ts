import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Clock, type Logger, messageOf } from '@slapos/base'
import type { CertificatePair } from '@slapos/slap'
import type { Sql, Store } from '../../store/index.ts'
import type { CertificateTable } from '../../store/tables/identity.ts'
import type { Authority } from '../ca/authority.ts'
import { newRsaKey, pemOfKey } from '../ca/keys.ts'
import { keyFingerprint, readCertificateRequest } from '../ca/request.ts'
import { identityErrors } from '../errors.ts'
import type { Certificates, IssuedCertificate, SubjectKind } from '../identity.ts'
import type { Recorder } from '../recorder.ts'
import type { PeerConnections } from './peers.ts'
import { activeOf, CertificateRegistry, recordOf } from './registry.ts'
import { classicText, subjectName } from './subject.ts'

const DAY = 86_400_000
/** Our own programs renew at half of it; whoever is away longer than the other half registers again. */
const REQUESTED_LIFE = 400 * DAY
/** Classic clients never renew. */
const PAIR_LIFE = 3650 * DAY
/** A certificate that was delivered counts as active this long before its first use. */
export const DELIVERY_WINDOW_MS = 15 * 60_000

export interface CertificatesOptions {
  readonly store: Store
  readonly authority: Authority
  readonly peers: PeerConnections
  readonly record: Recorder
  readonly clock: Clock
  readonly logger: Logger
}

/** What enrolment needs beside the public interface. */
export interface CertificateIssuer extends Certificates {
  /** Signs `key` for the subject, in the name of a token; refuses (CERTIFICATE_ACTIVE) when another machine is active. */
  enrol(input: EnrolledKey): Promise<IssuedCertificate>
  close(): Promise<void>
}

export interface EnrolledKey {
  readonly kind: SubjectKind
  readonly subject: string
  readonly key: KeyObject
  readonly token: string
  readonly life: 'requested' | 'pair'
}

export async function createCertificates(options: CertificatesOptions): Promise<CertificateIssuer> {
  const { store, authority, peers, record, clock, logger } = options
  const registry = await CertificateRegistry.load(store, clock)
  const contacts = new Map<string, Promise<void>>()
  const pairs = new Map<string, Promise<CertificatePair>>()

  return {
    find(fingerprint) {
      const entry = registry.find(fingerprint)
      if (entry === undefined) return undefined
      if (!entry.contacted && !contacts.has(fingerprint)) {
        contacts.set(
          fingerprint,
          firstContact(fingerprint).finally(() => contacts.delete(fingerprint)),
        )
      }
      return entry.caller
    },
    sign(kind, subject, csr, replaces) {
      const key = readCertificateRequest(csr)
      return issue({ kind, subject, key, replaces: replaces === 'all', token: null, life: REQUESTED_LIFE })
    },
    async issuePair(kind, subject) {
      const key = await newRsaKey()
      const input = { kind, subject, key: publicOf(key), token: null, life: PAIR_LIFE }
      const { record: made, certificate } = await issue({
        ...input,
        replaces: kind !== 'person',
        single: kind !== 'person',
      })
      return { certificate: classicText(kind, subject, certificate), key: pemOfKey(key), record: made }
    },
    ofInstance(instance) {
      const pair = pairs.get(instance) ?? instancePair(instance).finally(() => pairs.delete(instance))
      pairs.set(instance, pair)
      return pair
    },
    enrol: ({ life, ...input }) =>
      issue({
        ...input,
        replaces: input.kind !== 'person',
        single: input.kind !== 'person',
        life: life === 'pair' ? PAIR_LIFE : REQUESTED_LIFE,
      }),
    list: async (kind, subject) =>
      (await newest().where('kind', '=', kind).where('subject', '=', subject).execute()).map(recordOf),
    listAll: async (kind) => (await newest().where('kind', '=', kind).execute()).map(recordOf),
    revoke: (fingerprint) => revokeWhere(async (sql) => rowsOf(sql, fingerprint)).then(() => {}),
    revokeSubject: (kind, subject) => revokeWhere((sql) => activeOf(sql, kind, subject, clock.now())),
    close: async () => {
      await Promise.all([...contacts.values(), ...[...pairs.values()].map((pair) => pair.catch(() => {}))])
    },
  }

  function newest() {
    return store.read.selectFrom('certificate').selectAll().orderBy('issued', 'desc').limit(1000)
  }

  async function issue(input: IssueInput): Promise<IssuedCertificate> {
    const { kind, subject, key, token } = input
    const name = subjectName(kind, subject)
    const signed = authority.issue({ subject: name, publicKey: key, use: 'client', life: input.life })
    const row: CertificateTable = {
      ...{ fingerprint: signed.fingerprint, serial: signed.serial, kind, subject, token },
      key_fingerprint: keyFingerprint(key),
      issued: clock.now(),
      expires: signed.notAfter,
      contacted: null,
      revoked: null,
      replaces: input.replaces ? 1 : 0,
    }
    await store.tx(async (sql) => {
      if (input.single) await refuseWhileActive(sql, row)
      await sql.insertInto('certificate').values(row).execute()
      await record(sql, changed(row, 'certificate issued'))
    })
    registry.add(row)
    return { record: recordOf(row), certificate: signed.pem + authority.issuing, ca: authority.root }
  }

  /** One machine a name: another key may come only when the present one was never used, or was revoked. */
  async function refuseWhileActive(sql: Sql, row: CertificateTable): Promise<void> {
    const others = await activeOf(sql, row.kind, row.subject, clock.now())
    const active = others.some(
      (other) =>
        other.key_fingerprint !== row.key_fingerprint &&
        (other.contacted !== null ||
          (!(row.token !== null && other.token === row.token) && row.issued - other.issued < DELIVERY_WINDOW_MS)),
    )
    if (active) throw identityErrors.CERTIFICATE_ACTIVE({ subject: row.subject })
  }

  /** Burns the token that the certificate was delivered for, and retires what the certificate replaces. */
  async function firstContact(fingerprint: string): Promise<void> {
    try {
      const retired = await store.tx(async (sql) => {
        const [row] = await rowsOf(sql, fingerprint)
        if (row === undefined || row.contacted !== null) return []
        const now = clock.now()
        await sql.updateTable('certificate').set({ contacted: now }).where('fingerprint', '=', fingerprint).execute()
        if (row.token !== null) await burn(sql, row.token, now, row.subject)
        if (row.replaces === 0) return []
        const others = (await activeOf(sql, row.kind, row.subject, now)).filter(
          (other) => other.fingerprint !== fingerprint && other.key_fingerprint !== row.key_fingerprint,
        )
        await markRevoked(sql, others, now)
        return others
      })
      const entry = registry.find(fingerprint)
      if (entry) entry.contacted = true
      cut(retired)
    } catch (error) {
      logger.warning(`cannot record the first contact of a certificate, will try again: ${messageOf(error)}`)
    }
  }

  async function burn(sql: Sql, token: string, now: number, subject: string): Promise<void> {
    const row = await sql
      .selectFrom('token')
      .select(['id', 'project', 'burnt'])
      .where('id', '=', token)
      .executeTakeFirst()
    if (row === undefined || row.burnt !== null) return
    await sql.updateTable('token').set({ burnt: now }).where('id', '=', token).execute()
    await record(sql, { kind: 'token', reference: token, action: 'token used', actor: subject, project: row.project })
  }

  async function revokeWhere(select: (sql: Sql) => Promise<readonly CertificateTable[]>): Promise<number> {
    const revoked = await store.tx(async (sql) => {
      const rows = (await select(sql)).filter((row) => row.revoked === null)
      await markRevoked(sql, rows, clock.now())
      return rows
    })
    cut(revoked)
    return revoked.length
  }

  async function markRevoked(sql: Sql, rows: readonly CertificateTable[], now: number): Promise<void> {
    for (const row of rows) {
      await sql.updateTable('certificate').set({ revoked: now }).where('fingerprint', '=', row.fingerprint).execute()
      await sql.deleteFrom('instance_pair').where('fingerprint', '=', row.fingerprint).execute()
      await record(sql, changed(row, 'certificate revoked'))
    }
  }

  function cut(rows: readonly CertificateTable[]): void {
    for (const { fingerprint } of rows) {
      registry.remove(fingerprint)
      peers.cut(fingerprint)
    }
  }

  async function instancePair(instance: string): Promise<CertificatePair> {
    const kept = await store.read
      .selectFrom('instance_pair')
      .selectAll()
      .where('instance', '=', instance)
      .executeTakeFirst()
    if (kept && registry.find(kept.fingerprint)) return { certificate: kept.certificate, key: kept.private_key }
    const privateKey = await newRsaKey()
    const key = publicOf(privateKey)
    const issued = await issue({
      kind: 'instance',
      subject: instance,
      key,
      replaces: true,
      token: null,
      life: PAIR_LIFE,
    })
    const certificate = classicText('instance', instance, issued.certificate)
    const row = { fingerprint: issued.record.fingerprint, certificate, private_key: pemOfKey(privateKey) }
    await store.tx(async (sql) => {
      await sql.deleteFrom('instance_pair').where('instance', '=', instance).execute()
      await sql
        .insertInto('instance_pair')
        .values({ instance, ...row })
        .execute()
    })
    return { certificate, key: row.private_key }
  }
}

interface IssueInput {
  readonly kind: SubjectKind
  readonly subject: string
  readonly key: KeyObject
  readonly replaces: boolean
  /** Refused while another machine has an active certificate of this subject. */
  readonly single?: boolean
  readonly token: string | null
  readonly life: number
}

const rowsOf = (sql: Sql, fingerprint: string) =>
  sql.selectFrom('certificate').selectAll().where('fingerprint', '=', fingerprint).execute()

const publicOf = (key: KeyObject): KeyObject => createPublicKey(pemOfKey(key))

const changed = (row: CertificateTable, action: string) =>
  ({ kind: 'certificate', reference: row.subject, action, actor: row.subject, project: null }) as const

import type { LimitName, LimitView } from '../domain/cloud.ts'
import { masterErrors } from '../errors.ts'
import { type CertificateRecord, identityErrors, type TokenPurpose, type TokenRecord } from '../identity/index.ts'
import type { Core } from './core.ts'
import { serverErrors } from './errors.ts'
import type { Finding } from './health.ts'

const system = { kind: 'system' } as const

/** What an administrator of the machine may do, by name; arguments and answers are JSON. */
export interface AdminCalls {
  addUser: { ask: NewUser; answer: { person: string; project: string } }
  setPassword: { ask: { login: string; password: string }; answer: null }
  listUsers: { ask: Record<never, never>; answer: readonly UserRow[] }
  createToken: { ask: { purpose: TokenPurpose; login: string; project?: string; hours?: number }; answer: IssuedToken }
  listTokens: { ask: Record<never, never>; answer: readonly TokenRecord[] }
  revokeToken: { ask: { id: string }; answer: null }
  listCertificates: { ask: Record<never, never>; answer: readonly CertificateRecord[] }
  /** A fingerprint, or the reference of a computer, person or instance. Answers how many were active. */
  revokeCertificate: { ask: { of: string }; answer: number }
  /** Answers whether there was one to renew: without listeners, the next start makes it. */
  renewServerCertificate: { ask: Record<never, never>; answer: boolean }
  listLimits: { ask: Record<never, never>; answer: readonly LimitView[] }
  /** `of`: a project, computer or person by its reference, or a person by his log-in name; absent: everybody. */
  setLimit: { ask: { name: string; value: number; of?: string }; answer: null }
  health: { ask: Record<never, never>; answer: readonly Finding[] }
}
export type AdminName = keyof AdminCalls
export interface AdminRequest<K extends AdminName> {
  readonly name: K
  readonly ask: AdminCalls[K]['ask']
}

export interface NewUser {
  readonly login: string
  readonly password: string
  readonly name?: string
  readonly email?: string
  /** Title of a project of his own. */
  readonly project?: string
  /** May administer the whole cloud. */
  readonly operator?: boolean
}

export interface UserRow {
  readonly person: string
  readonly login: string
  readonly name: string
  readonly email: string
  readonly operator: boolean
  readonly totp: boolean
}

export interface IssuedToken {
  readonly token: string
  readonly expires: number
}

export function runAdmin<K extends AdminName>(
  core: Core,
  { name, ask }: AdminRequest<K>,
): Promise<AdminCalls[K]['answer']> {
  if (!Object.hasOwn(CALLS, name)) throw serverErrors.ROUTE_UNKNOWN({ path: name })
  return CALLS[name](core, ask)
}

const CALLS: { [K in AdminName]: (core: Core, ask: AdminCalls[K]['ask']) => Promise<AdminCalls[K]['answer']> } = {
  async addUser({ cloud, identity, store }, { login, password, name = login, email = '', project, operator = false }) {
    const taken = await store.read
      .selectFrom('credential')
      .select('person')
      .where('login', '=', login)
      .executeTakeFirst()
    if (taken) throw identityErrors.LOGIN_TAKEN({ login })
    // Before the person is made: nobody stays without a way in.
    identity.credentials.check(login, password)
    const person = await cloud.people.create(system, { name, email, operator })
    await identity.credentials.set(person, login, password)
    return {
      person,
      project: await cloud.projects.create(system, { title: project ?? `${name}'s project`, owner: person }),
    }
  },
  async setPassword(core, { login, password }) {
    await core.identity.credentials.set(await personOf(core, login), login, password)
    return null
  },
  async listUsers({ store }) {
    const rows = await store.read
      .selectFrom('credential')
      .innerJoin('person', 'person.reference', 'credential.person')
      .select(['credential.login', 'credential.totp_active'])
      .select(['person.reference', 'person.name', 'person.email', 'person.operator'])
      .orderBy('credential.login')
      .execute()
    return rows.map(({ login, totp_active, reference, name, email, operator }) => ({
      ...{ person: reference, login, name, email },
      operator: operator === 1,
      totp: totp_active === 1,
    }))
  },
  async createToken(core, { purpose, login, project, hours }) {
    const person = await personOf(core, login)
    const projects = await core.cloud.projects.list({ kind: 'person', person, via: 'session' })
    const chosen = projects.find((each) =>
      project === undefined
        ? each.role === 'owner' || each.role === 'manager'
        : [each.project, each.title].includes(project),
    )
    if (!chosen && purpose !== 'person') throw serverErrors.NO_PROJECT({ person: login })
    const { token, record } = await core.identity.tokens.create({
      ...{ purpose, person },
      ...(purpose === 'person' || !chosen ? {} : { project: chosen.project }),
      ...(purpose === 'invitation' ? { role: 'member' } : {}),
      ...(hours === undefined ? {} : { lifeMs: hours * 3_600_000 }),
    })
    return { token, expires: record.expires }
  },
  listTokens: ({ identity }) => identity.tokens.list('all'),
  async revokeToken({ store, identity }, { id }) {
    const known = await store.read.selectFrom('token').select('id').where('id', '=', id).executeTakeFirst()
    if (!known) throw identityErrors.TOKEN_UNKNOWN({ id })
    await identity.tokens.revoke(id)
    return null
  },
  async listCertificates({ identity }) {
    const { certificates } = identity
    const all = await Promise.all(
      (['computer', 'person', 'instance'] as const).map((kind) => certificates.listAll(kind)),
    )
    return all.flat()
  },
  async revokeCertificate({ identity }, { of }) {
    const { certificates } = identity
    if (/^[0-9a-f]{64}$/i.test(of)) {
      await certificates.revoke(of.toLowerCase())
      return 1
    }
    const counts = await Promise.all(
      (['computer', 'person', 'instance'] as const).map((kind) => certificates.revokeSubject(kind, of)),
    )
    const revoked = counts.reduce((sum, count) => sum + count, 0)
    if (revoked === 0) throw identityErrors.CERTIFICATE_NONE({ subject: of })
    return revoked
  },
  async renewServerCertificate({ serverCertificate }) {
    await serverCertificate?.renew()
    return serverCertificate !== undefined
  },
  listLimits: ({ cloud }) => cloud.limits.list(),
  async setLimit(core, { name, value, of }) {
    const { scope, reference } = await limited(core, of)
    // The domain refuses a name that it does not have.
    await core.cloud.limits.set(system, name as LimitName, scope, reference, value)
    return null
  },
  health: ({ health }) => health.look(),
}

async function limited({ store }: Core, of: string | undefined) {
  if (of === undefined) return { scope: 'default', reference: '' } as const
  for (const scope of ['project', 'computer', 'person'] as const) {
    const row = await store.read.selectFrom(scope).select('reference').where('reference', '=', of).executeTakeFirst()
    if (row) return { scope, reference: row.reference }
  }
  const holder = await store.read.selectFrom('credential').select('person').where('login', '=', of).executeTakeFirst()
  if (!holder) throw masterErrors.NOT_FOUND({ what: of })
  return { scope: 'person', reference: holder.person } as const
}

async function personOf({ store }: Core, login: string): Promise<string> {
  const row = await store.read.selectFrom('credential').select('person').where('login', '=', login).executeTakeFirst()
  if (!row) throw identityErrors.LOGIN_UNKNOWN({ login })
  return row.person
}

import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../domain/cloud.ts'
import { covers, type Grant, type GrantScope } from '../../domain/rights/grant.ts'
import { masterErrors } from '../../errors.ts'
import type { SessionRecord } from '../../identity/index.ts'
import type { Scope } from '../../queries/queries.ts'
import { panelErrors } from './errors.ts'
import type { PanelOptions } from './options.ts'
import type { Role } from './people-directory.ts'

/** Where the cookie is only sent over TLS, its name makes the browser hold to that, and to this host and `/`. */
export const sessionCookie = (secure: boolean): string => (secure ? '__Host-slapos_session' : 'slapos_session')

/** Who asks, once established. */
export interface Visitor {
  readonly caller: Caller & { readonly kind: 'person' }
  readonly scope: Scope
  /** By project. */
  readonly roles: ReadonlyMap<string, Role>
  readonly session: SessionRecord | undefined
  readonly csrf: string
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Session cookie (changes then need the session's CSRF text), API token, or the person's client certificate, in this
 * order. A browser never sends the last two by itself, so only the cookie needs the CSRF text.
 */
export async function authenticate(
  request: FastifyRequest,
  options: PanelOptions,
  needs: GrantScope | undefined,
): Promise<Visitor> {
  const bearer = request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1]
  if (bearer !== undefined) return byToken(request, options, bearer, needs)
  const cookie = request.cookies[sessionCookie(options.secureCookies)]
  if (cookie !== undefined) {
    const found = await options.identity.sessions.find(cookie)
    if (found) {
      if (!SAFE.has(request.method) && request.headers['x-csrf-token'] !== found.csrf) throw panelErrors.CSRF_REFUSED()
      return visitor(options, found.session.person, 'session', found)
    }
  }
  const certified = options.certificateCaller?.(request)
  if (certified?.kind === 'person') return visitor(options, certified.person, 'certificate')
  throw panelErrors.SESSION_NEEDED()
}

async function byToken(
  request: FastifyRequest,
  options: PanelOptions,
  secret: string,
  needed: GrantScope = 'admin',
): Promise<Visitor> {
  const token = await options.identity.apiTokens.find(secret)
  if (!token) throw panelErrors.SESSION_NEEDED()
  // The domain judges each use case; this also holds for what the panel keeps beside it.
  if (!covers(token.scope, needed)) {
    throw masterErrors.SCOPE_TOO_SMALL({ action: `${request.method} ${request.routeOptions.url ?? ''}`, needed })
  }
  const { scope, project } = token
  return visitor(options, token.person, 'token', { grant: { scope, project } })
}

async function visitor(
  options: PanelOptions,
  person: string,
  via: 'session' | 'certificate' | 'token',
  found: { readonly session?: SessionRecord; readonly csrf?: string; readonly grant?: Grant } = {},
): Promise<Visitor> {
  const { session, csrf = '', grant } = found
  const memberships = (await options.people.memberships(person)).filter(
    ({ project }) => grant?.project === undefined || grant.project === project,
  )
  const caller = { kind: 'person', person, via, ...(grant && { grant }) } as const
  return {
    caller,
    scope: { person, caller, projects: memberships.map((membership) => membership.project) },
    roles: new Map(memberships.map(({ project, role }) => [project, role])),
    session,
    csrf,
  }
}

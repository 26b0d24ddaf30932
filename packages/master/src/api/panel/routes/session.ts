import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import { sessionCookie, type Visitor } from '../authenticate.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params } from '../tools.ts'

const TAG = 'session'

export function sessionRoutes(app: PanelApp, options: PanelOptions): void {
  const { identity, people, cloud } = options
  const may = (visitor: Visitor, useCase: 'account.see' | 'account.change') =>
    cloud.demand(visitor.caller, useCase, { person: visitor.caller.person })

  const me = async (visitor: Pick<Visitor, 'caller' | 'csrf'>) => {
    const { person } = visitor.caller
    const [about, login, memberships] = await Promise.all([
      people.get(person),
      identity.credentials.loginOf(person),
      people.memberships(person),
    ])
    const bound = visitor.caller.grant?.project
    return {
      person,
      login: login?.login ?? person,
      name: about?.name ?? '',
      email: about?.email ?? '',
      memberships: memberships.filter(({ project }) => bound === undefined || bound === project),
      csrf: visitor.csrf,
      totp: login?.totp ?? false,
      recoveryCodes: login?.recoveryCodes ?? 0,
      masterUrl: options.masterUrl(),
      version: options.version,
    }
  }

  app.post(
    '/session',
    { config: { needs: 'nobody' }, schema: { ...answers(TAG, 'logIn', 'Log in', S.Me), body: S.LogIn } },
    async (request, reply) => {
      const { user, password, code } = request.body
      const address = request.ip
      const attempt = { login: user, password, address, ...(code ? { code } : {}) }
      const person = await identity.credentials.verify(attempt)
      const userAgent = request.headers['user-agent'] ?? ''
      const opened = await identity.sessions.open({ person, address, userAgent })
      reply.setCookie(sessionCookie(options.secureCookies), opened.secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: options.secureCookies,
        expires: new Date(opened.session.expires),
      })
      return me({ caller: { kind: 'person', person, via: 'session' }, csrf: opened.csrf })
    },
  )

  app.get('/session', { config: { needs: 'read' }, schema: answers(TAG, 'getMe', 'Who I am', S.Me) }, (request) =>
    me(request.visitor),
  )

  app.delete(
    '/session',
    { config: { needs: 'read' }, schema: answers(TAG, 'logOut', 'Log out', S.Done) },
    async (request, reply) => {
      const { session, caller } = request.visitor
      if (session) await identity.sessions.revoke(caller.person, session.id)
      reply.clearCookie(sessionCookie(options.secureCookies), { path: '/', secure: options.secureCookies })
      return S.done
    },
  )

  app.get(
    '/sessions',
    {
      config: { needs: 'read' },
      schema: answers(TAG, 'listSessions', 'Where I am logged in', Type.Array(S.SessionItem)),
    },
    async (request) => {
      const { caller, session } = request.visitor
      await may(request.visitor, 'account.see')
      const sessions = await identity.sessions.list(caller.person)
      return sessions.map((item) => ({
        id: item.id,
        created: item.created,
        used: item.seen,
        expires: item.expires,
        address: item.address,
        agent: item.userAgent,
        current: item.id === session?.id,
      }))
    },
  )

  app.delete(
    '/sessions/:id',
    {
      config: { needs: 'admin' },
      schema: { ...answers(TAG, 'revokeSession', 'Log out elsewhere', S.Done), params: params('id') },
    },
    async (request) => {
      await may(request.visitor, 'account.change')
      await identity.sessions.revoke(request.visitor.caller.person, request.params.id)
      return S.done
    },
  )

  app.put(
    '/session/password',
    {
      config: { needs: 'admin' },
      schema: { ...answers(TAG, 'changePassword', 'Change my password', S.Done), body: S.PasswordChange },
    },
    async (request) => {
      const { caller, session } = request.visitor
      await may(request.visitor, 'account.change')
      await identity.credentials.change(caller.person, request.body.current, request.body.next, session?.id)
      return S.done
    },
  )

  app.put(
    '/session/profile',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'changeProfile', 'Change my name and e-mail address', S.Done),
        body: Type.Object({ name: Type.String({ maxLength: 200 }), email: Type.String({ maxLength: 200 }) }),
      },
    },
    async (request) => {
      const { caller } = request.visitor
      await people.rename(caller, caller.person, request.body.name, request.body.email)
      return S.done
    },
  )

  app.post(
    '/session/totp',
    { config: { needs: 'admin' }, schema: answers(TAG, 'beginTotp', 'Begin to use one-time codes', S.TotpSetup) },
    async (request) => {
      await may(request.visitor, 'account.change')
      const { secret, uri } = await identity.credentials.beginTotp(request.visitor.caller.person)
      return { secret, url: uri }
    },
  )

  app.put(
    '/session/totp',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'confirmTotp', 'Confirm the first one-time code; answers recovery codes', S.TotpConfirmed),
        body: Type.Object({ code: Type.String({ maxLength: 20 }) }),
      },
    },
    async (request) => {
      await may(request.visitor, 'account.change')
      const codes = await identity.credentials.confirmTotp(request.visitor.caller.person, request.body.code)
      return { recoveryCodes: [...codes] }
    },
  )

  app.post(
    '/session/totp/disable',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'disableTotp', 'Stop using one-time codes', S.Done),
        body: Type.Object({ password: Type.String({ maxLength: 1000 }) }),
      },
    },
    async (request) => {
      await may(request.visitor, 'account.change')
      await identity.credentials.disableTotp(request.visitor.caller.person, request.body.password)
      return S.done
    },
  )
}

import Type from 'typebox'
import type { TokenRecord } from '../../../identity/index.ts'
import type { PanelApp } from '../app.ts'
import { panelErrors } from '../errors.ts'
import type { PanelOptions } from '../options.ts'
import { requireRole } from '../roles.ts'
import * as S from '../schemas/index.ts'
import { answers, params, there } from '../tools.ts'
import { shownToken } from './shown-token.ts'

const TAG = 'servers'
const HOUR = 3_600_000

const item = (token: TokenRecord) => ({ ...shownToken(token), computer: token.computer ?? null })

export function joinTokenRoutes(app: PanelApp, options: PanelOptions): void {
  const { identity, cloud } = options

  app.get(
    '/tokens',
    {
      config: { needs: 'read' },
      schema: answers(TAG, 'listTokens', 'Tokens with which servers join', Type.Array(S.JoinToken)),
    },
    async (request) => {
      const tokens = await identity.tokens.list({ projects: request.visitor.scope.projects })
      return tokens.filter((token) => token.purpose === 'computer').map(item)
    },
  )

  app.post(
    '/tokens',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(
          TAG,
          'createToken',
          'Make a single-use token and the line to paste on the server',
          S.IssuedJoinToken,
        ),
        body: S.NewJoinToken,
      },
    },
    async (request) => {
      const { caller, scope } = request.visitor
      const project = there(scope.projects[0], 'a project of yours')
      requireRole(request.visitor, project, 'owner', 'manager')
      await cloud.demand(caller, 'projects.enrol', { project })
      const { token, record } = await identity.tokens.create({
        purpose: 'computer',
        person: caller.person,
        project,
        lifeMs: (request.body.hours ?? 24) * HOUR,
      })
      const command = options.joinCommand({ token, title: request.body.title ?? '' })
      return { ...item(record), token, command, masterUrl: options.masterUrl(), webUrl: options.webUrl() }
    },
  )

  app.get(
    '/tokens/:id',
    {
      config: { needs: 'read' },
      schema: { ...answers(TAG, 'getToken', 'State of a token', S.JoinToken), params: params('id') },
    },
    async (request) => {
      const token = await identity.tokens.get(request.params.id)
      if (token?.project === undefined || !request.visitor.scope.projects.includes(token.project)) {
        throw panelErrors.NOT_THERE({ what: 'this token' })
      }
      return item(token)
    },
  )

  app.delete(
    '/tokens/:id',
    {
      config: { needs: 'write' },
      schema: { ...answers(TAG, 'revokeToken', 'Revoke a token', S.Done), params: params('id') },
    },
    async (request) => {
      const token = await identity.tokens.get(request.params.id)
      if (token?.project === undefined || !request.visitor.scope.projects.includes(token.project)) {
        throw panelErrors.NOT_THERE({ what: 'this token' })
      }
      requireRole(request.visitor, token.project, 'owner', 'manager')
      await cloud.demand(request.visitor.caller, 'projects.enrol', { project: token.project })
      await identity.tokens.revoke(token.id)
      return S.done
    },
  )
}

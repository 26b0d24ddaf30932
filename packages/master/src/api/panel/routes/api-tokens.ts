import Type from 'typebox'
import type { ApiTokenRecord } from '../../../identity/index.ts'
import type { PanelApp } from '../app.ts'
import type { Visitor } from '../authenticate.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params } from '../tools.ts'

const TAG = 'session'
const DAY = 86_400_000

const item = (token: ApiTokenRecord) => ({
  id: token.id,
  title: token.title,
  scope: token.scope,
  project: token.project ?? null,
  created: token.created,
  expires: token.expires,
  used: token.used ?? null,
})

export function apiTokenRoutes(app: PanelApp, { identity, cloud }: PanelOptions): void {
  const self = async ({ caller }: Visitor, useCase: 'account.see' | 'account.change'): Promise<string> => {
    await cloud.demand(caller, useCase, { person: caller.person })
    return caller.person
  }

  app.get(
    '/api-tokens',
    { config: { needs: 'read' }, schema: answers(TAG, 'listApiTokens', 'My API tokens', Type.Array(S.ApiTokenItem)) },
    async (request) => (await identity.apiTokens.list(await self(request.visitor, 'account.see'))).map(item),
  )

  app.post(
    '/api-tokens',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(
          TAG,
          'createApiToken',
          'Make an API token; its secret is shown once',
          Type.Object({ ...S.ApiTokenItem.properties, secret: Type.String() }, { title: 'IssuedApiToken' }),
        ),
        body: S.NewApiToken,
      },
    },
    async (request) => {
      const { title, scope, days, project } = request.body
      const person = await self(request.visitor, 'account.change')
      if (project !== undefined) await cloud.demand(request.visitor.caller, 'projects.get', { project })
      const { secret, record } = await identity.apiTokens.create({
        ...{ person, title, scope, lifeMs: days * DAY },
        ...(project !== undefined && { project }),
      })
      return { ...item(record), secret }
    },
  )

  app.delete(
    '/api-tokens/:id',
    {
      config: { needs: 'admin' },
      schema: { ...answers(TAG, 'revokeApiToken', 'Revoke an API token', S.Done), params: params('id') },
    },
    async (request) => {
      await identity.apiTokens.revoke(await self(request.visitor, 'account.change'), request.params.id)
      return S.done
    },
  )
}

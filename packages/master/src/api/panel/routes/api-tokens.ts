import Type from 'typebox'
import type { ApiTokenRecord } from '../../../identity/index.ts'
import type { PanelApp } from '../app.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params } from '../tools.ts'

const TAG = 'session'
const DAY = 86_400_000

const item = (token: ApiTokenRecord) => ({
  id: token.id,
  title: token.title,
  scope: token.scope === 'read' ? ('read' as const) : ('write' as const),
  created: token.created,
  expires: token.expires,
  used: token.used ?? null,
})

export function apiTokenRoutes(app: PanelApp, { identity }: PanelOptions): void {
  app.get(
    '/api-tokens',
    { schema: answers(TAG, 'listApiTokens', 'My API tokens', Type.Array(S.ApiTokenItem)) },
    async (request) => (await identity.apiTokens.list(request.visitor.caller.person)).map(item),
  )

  app.post(
    '/api-tokens',
    {
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
      const { title, scope, days } = request.body
      const { person } = request.visitor.caller
      const { secret, record } = await identity.apiTokens.create({ person, title, scope, lifeMs: days * DAY })
      return { ...item(record), secret }
    },
  )

  app.delete(
    '/api-tokens/:id',
    { schema: { ...answers(TAG, 'revokeApiToken', 'Revoke an API token', S.Done), params: params('id') } },
    async (request) => {
      await identity.apiTokens.revoke(request.visitor.caller.person, request.params.id)
      return S.done
    },
  )
}

import Type from 'typebox'
import type { FeedRecord } from '../../../identity/index.ts'
import type { PanelApp } from '../app.ts'
import type { Visitor } from '../authenticate.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params } from '../tools.ts'

const TAG = 'notifications'

const item = ({ id, title, created, used }: FeedRecord) => ({ id, title, created, used: used ?? null })

/** Addresses for programs that read news (RSS, OPML); what they hold is read there, without a log-in. */
export function feedRoutes(app: PanelApp, { identity, cloud, webUrl }: PanelOptions): void {
  const self = async ({ caller }: Visitor, useCase: 'account.see' | 'account.change'): Promise<string> => {
    await cloud.demand(caller, useCase, { person: caller.person })
    return caller.person
  }

  app.get(
    '/feeds',
    { config: { needs: 'read' }, schema: answers(TAG, 'listFeeds', 'My feeds', Type.Array(S.FeedItem)) },
    async (request) => (await identity.feeds.list(await self(request.visitor, 'account.see'))).map(item),
  )

  app.post(
    '/feeds',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'addFeed', 'Make a feed; its addresses are shown once, and show what I see', S.IssuedFeed),
        body: S.NewFeed,
      },
    },
    async (request) => {
      const person = await self(request.visitor, 'account.change')
      const { secret, record } = await identity.feeds.create(person, request.body.title)
      return { ...item(record), opml: `${webUrl()}/feeds/${secret}/opml` }
    },
  )

  app.delete(
    '/feeds/:id',
    {
      config: { needs: 'admin' },
      schema: { ...answers(TAG, 'revokeFeed', 'Revoke a feed', S.Done), params: params('id') },
    },
    async (request) => {
      await identity.feeds.revoke(await self(request.visitor, 'account.change'), request.params.id)
      return S.done
    },
  )
}

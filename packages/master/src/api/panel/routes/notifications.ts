import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import type { Visitor } from '../authenticate.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params } from '../tools.ts'

const TAG = 'notifications'

export function notificationRoutes(app: PanelApp, { notifications, cloud }: PanelOptions): void {
  const self = async ({ caller }: Visitor, useCase: 'account.see' | 'account.notify'): Promise<string> => {
    await cloud.demand(caller, useCase, { person: caller.person })
    return caller.person
  }

  app.get(
    '/notifications',
    {
      config: { needs: 'read' },
      schema: answers(TAG, 'listNotifications', 'Where I am told of red and green', Type.Array(S.NotificationTarget)),
    },
    async (request) => notifications.list(await self(request.visitor, 'account.see')),
  )

  app.post(
    '/notifications',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'addNotification', 'Add a web hook or an e-mail address', S.NotificationTarget),
        body: S.NewNotificationTarget,
      },
    },
    async (request) =>
      notifications.add(await self(request.visitor, 'account.notify'), request.body.kind, request.body.target),
  )

  app.post(
    '/notifications/:id/test',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'testNotification', 'Send a test message', S.NotificationTarget),
        params: params('id'),
      },
    },
    async (request) => notifications.test(await self(request.visitor, 'account.notify'), request.params.id),
  )

  app.delete(
    '/notifications/:id',
    {
      config: { needs: 'write' },
      schema: { ...answers(TAG, 'removeNotification', 'Remove a target', S.Done), params: params('id') },
    },
    async (request) => {
      await notifications.remove(await self(request.visitor, 'account.notify'), request.params.id)
      return S.done
    },
  )
}

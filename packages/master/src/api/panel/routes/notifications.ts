import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params } from '../tools.ts'

const TAG = 'notifications'

export function notificationRoutes(app: PanelApp, { notifications }: PanelOptions): void {
  app.get(
    '/notifications',
    { schema: answers(TAG, 'listNotifications', 'Where I am told of red and green', Type.Array(S.NotificationTarget)) },
    (request) => notifications.list(request.visitor.caller.person),
  )

  app.post(
    '/notifications',
    {
      schema: {
        ...answers(TAG, 'addNotification', 'Add a web hook or an e-mail address', S.NotificationTarget),
        body: S.NewNotificationTarget,
      },
    },
    (request) => notifications.add(request.visitor.caller.person, request.body.kind, request.body.target),
  )

  app.post(
    '/notifications/:id/test',
    {
      schema: {
        ...answers(TAG, 'testNotification', 'Send a test message', S.NotificationTarget),
        params: params('id'),
      },
    },
    (request) => notifications.test(request.visitor.caller.person, request.params.id),
  )

  app.delete(
    '/notifications/:id',
    { schema: { ...answers(TAG, 'removeNotification', 'Remove a target', S.Done), params: params('id') } },
    async (request) => {
      await notifications.remove(request.visitor.caller.person, request.params.id)
      return S.done
    },
  )
}

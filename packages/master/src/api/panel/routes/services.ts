import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import { panelErrors } from '../errors.ts'
import { once } from '../idempotency.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, checkVersion, IdempotencyKey, IfMatch, params, there } from '../tools.ts'

const TAG = 'services'

export function serviceRoutes(app: PanelApp, options: PanelOptions): void {
  const { queries, cloud } = options

  app.get(
    '/services',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listServices', 'Services', S.ServicePage),
        querystring: Type.Object({
          ...S.ListQuery.properties,
          computer: Type.Optional(Type.String({ maxLength: 100 })),
          release: Type.Optional(Type.String({ maxLength: 2000 })),
        }),
      },
    },
    (request) => queries.services(request.visitor.scope, request.query),
  )

  app.post(
    '/services',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'createService', 'Request a service', S.Service),
        body: S.NewService,
        headers: IdempotencyKey,
      },
    },
    (request) =>
      once(options, request, async () => {
        const { caller, scope } = request.visitor
        const { title, releaseUrl, softwareType, shared, parameters, filter, project } = request.body
        // The same title means the same service to `request`: here somebody creates, so an existing one is a refusal.
        const existing = await queries.services(scope, { q: title, limit: 200 })
        if (existing.items.some((item) => item.title === title)) throw panelErrors.TITLE_TAKEN({ title })
        const answer = await cloud.instances.request(caller, {
          title,
          releaseUrl,
          softwareType,
          shared,
          parameters,
          filter,
          state: 'started',
          ...(project === undefined ? {} : { project }),
        })
        if (answer.kind === 'nothing') throw panelErrors.NOT_THERE({ what: title })
        const reference = answer.kind === 'waiting' ? answer.instanceGuid : answer.instance.instanceGuid
        return there(await queries.service(scope, reference), title)
      }),
  )

  app.get(
    '/services/:reference',
    {
      config: { needs: 'read' },
      schema: { ...answers(TAG, 'getService', 'One service', S.Service), params: params('reference') },
    },
    async (request) =>
      there(await queries.service(request.visitor.scope, request.params.reference), request.params.reference),
  )

  app.get(
    '/services/:reference/versions',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listEarlierVersions', 'What was asked for before, newest first', Type.Array(S.EarlierVersion)),
        params: params('reference'),
      },
    },
    async (request) =>
      there(await queries.earlierVersions(request.visitor.scope, request.params.reference), request.params.reference),
  )

  app.put(
    '/services/:reference',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'changeService', 'Change parameters, release, placement or state (If-Match)', S.Service),
        params: params('reference'),
        headers: IfMatch,
        body: S.ServiceChange,
      },
    },
    async (request) => {
      const { caller, scope } = request.visitor
      const before = there(await queries.service(scope, request.params.reference), request.params.reference)
      checkVersion(request.headers['if-match'], before.etag, before.title)
      const { releaseUrl, softwareType, parameters, filter, state } = request.body
      await cloud.instances.request(caller, {
        title: before.title,
        releaseUrl: releaseUrl ?? before.releaseUrl,
        softwareType: softwareType ?? before.softwareType,
        shared: before.shared,
        parameters: parameters ?? before.parameters,
        filter: filter ?? before.filter,
        state: state ?? before.desired,
        project: before.project,
      })
      return there(await queries.service(scope, before.reference), before.title)
    },
  )

  app.post(
    '/services/:reference/destroy',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'destroyService', 'Destroy a service and its data; the title must be typed', S.Done),
        params: params('reference'),
        body: S.Destruction,
      },
    },
    async (request) => {
      const { caller, scope } = request.visitor
      const service = there(await queries.service(scope, request.params.reference), request.params.reference)
      if (request.body.title !== service.title) throw panelErrors.TITLE_DIFFERS({ title: service.title })
      await cloud.instances.request(caller, {
        title: service.title,
        releaseUrl: service.releaseUrl,
        softwareType: service.softwareType,
        shared: service.shared,
        parameters: service.parameters,
        filter: service.filter,
        state: 'destroyed',
        project: service.project,
      })
      return S.done
    },
  )
}

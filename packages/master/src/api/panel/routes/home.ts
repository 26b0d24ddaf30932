import { isSlapError } from '@slapos/base'
import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import { authenticate } from '../authenticate.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params, there } from '../tools.ts'

export function homeRoutes(app: PanelApp, options: PanelOptions): void {
  const { queries } = options

  app.get(
    '/home',
    { config: { needs: 'read' }, schema: answers('home', 'getHome', 'What needs attention', S.Home) },
    (request) => queries.home(request.visitor.scope),
  )

  app.get(
    '/search',
    {
      config: { needs: 'read' },
      schema: {
        ...answers('home', 'search', 'Servers, services and software by name', S.SearchAnswer),
        querystring: Type.Object({ q: Type.String({ minLength: 1, maxLength: 200 }) }),
      },
    },
    async (request) => ({ items: await queries.search(request.visitor.scope, request.query.q) }),
  )

  app.get(
    '/topology',
    { config: { needs: 'read' }, schema: answers('home', 'getTopology', 'Servers and what runs on them', S.Topology) },
    (request) => queries.topology(request.visitor.scope),
  )

  app.get(
    '/audit',
    {
      config: { needs: 'read' },
      schema: {
        ...answers('home', 'listAudit', 'Who did what, newest first', S.Page('AuditPage', S.AuditItem)),
        querystring: Type.Object({ ...S.ListQuery.properties, subject: Type.Optional(Type.String()) }),
      },
    },
    (request) => queries.audit(request.visitor.scope, request.query),
  )

  app.get(
    '/why/:name',
    {
      config: { needs: 'read' },
      schema: {
        ...answers('home', 'why', 'Why a service, instance or server is in its state, in one paragraph', S.Why),
        params: params('name'),
      },
    },
    async (request) => there(await queries.why(request.visitor.scope, request.params.name), request.params.name),
  )

  app.get(
    '/events',
    {
      config: { needs: 'read' },
      schema: {
        tags: ['home'],
        operationId: 'events',
        summary: 'Server-sent events: hints that something changed (kind, reference)',
        response: {
          200: {
            description: 'An endless stream: `event: KIND`, `data: {kind, reference, service, revision}`.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
    },
    (request, reply) =>
      options.events(request, reply, request.visitor.caller, async () => {
        try {
          await authenticate(request, options, 'read')
          return true
        } catch (error) {
          if (isSlapError(error)) return false
          throw error
        }
      }),
  )
}

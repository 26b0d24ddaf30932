import type { NodeCommand } from '@slapos/slap'
import Type, { type Static } from 'typebox'
import type { Place } from '../../../queries/queries.ts'
import type { PanelApp } from '../app.ts'
import type { Visitor } from '../authenticate.ts'
import { panelErrors } from '../errors.ts'
import { factsPage } from '../facts-page.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params, there } from '../tools.ts'
import { contactOf, promiseStrips, uptimeOf } from '../uptime.ts'

const TAG = 'telemetry'

const Of = Type.Object({
  server: Type.Optional(Type.String({ maxLength: 100 })),
  service: Type.Optional(Type.String({ maxLength: 100 })),
})

const PageOf = Type.Object({
  ...Of.properties,
  cursor: Type.Optional(Type.String({ maxLength: 4000 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
})

const DAY = 86_400_000

export function telemetryRoutes(app: PanelApp, options: PanelOptions): void {
  const { queries, telemetry } = options

  const places = async (visitor: Visitor, of: Static<typeof Of>): Promise<readonly Place[]> => {
    const { service, server } = of
    const target = service !== undefined ? { service } : server !== undefined ? { server } : {}
    return there(await queries.places(visitor.scope, target), service ?? server ?? 'your servers')
  }

  const named = async <T extends { computer: string; partition: string }>(visitor: Visitor, items: readonly T[]) => {
    const { titles, services } = await queries.residents(visitor.scope, [
      ...new Set(items.map((item) => item.computer)),
    ])
    return items.map((item) => {
      const resident = services.get(`${item.computer} ${item.partition}`)
      return {
        ...item,
        computerTitle: titles.get(item.computer) ?? '',
        service: resident?.service ?? null,
        serviceTitle: resident?.title ?? '',
      }
    })
  }

  app.get(
    '/processes',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(
          TAG,
          'listProcesses',
          'Processes of a server, of a service or of everything, failing first',
          S.Page('ProcessPage', S.Process),
        ),
        querystring: PageOf,
      },
    },
    async (request) => {
      const at = await places(request.visitor, request.query)
      const found = await Promise.all(at.map((place) => telemetry.processes(place.computer, place.partition)))
      const page = factsPage(found.flat(), processKey, request.query)
      return { ...page, items: await named(request.visitor, page.items) }
    },
  )

  app.get(
    '/promises',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(
          TAG,
          'listPromises',
          'Promise results of a server, of a service or of everything, failing first, and how each was for a day',
          S.Page('PromisePage', S.PromiseItem),
        ),
        querystring: PageOf,
      },
    },
    async (request) => {
      const at = await places(request.visitor, request.query)
      const found = await Promise.all(at.map((place) => telemetry.promises(place.computer, place.partition)))
      const page = factsPage(found.flat(), promiseKey, request.query)
      const to = options.clock.now()
      const strips = await promiseStrips(telemetry, page.items, { from: to - DAY, to })
      const items = await named(request.visitor, page.items)
      return { ...page, items: items.map((item, index) => ({ ...item, strip: there(strips[index], item.name) })) }
    },
  )

  app.get(
    '/uptime',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'getUptime', 'How a server or a service was lately', S.Strip),
        querystring: Type.Object({
          ...Of.properties,
          hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 168, default: 24 })),
        }),
      },
    },
    async (request) => {
      const { server, service, hours = 24 } = request.query
      const to = options.clock.now()
      const period = { from: to - hours * 3_600_000, to }
      const found = await uptimeOf(telemetry, await places(request.visitor, request.query), period)
      const of = service === undefined && server !== undefined && (await queries.server(request.visitor.scope, server))
      if (!of) return found
      return contactOf(telemetry, of, period)
    },
  )

  app.get(
    '/servers/:computer/usage',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'getUsage', 'CPU, memory and processes over time', S.Usage),
        params: params('computer'),
        querystring: Type.Object({
          partition: Type.Optional(Type.String({ maxLength: 100 })),
          minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080, default: 60 })),
        }),
      },
    },
    async (request) => {
      const { computer } = request.params
      const { partition = '', minutes = 60 } = request.query
      await allowed(request.visitor, computer, partition === '' ? undefined : partition)
      return { points: await telemetry.usage(computer, partition, options.clock.now() - minutes * 60_000) }
    },
  )

  app.get(
    '/servers/:computer/logs',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(
          TAG,
          'getLog',
          'Lines of a log; reading it asks the server to send its lines as they come',
          S.LogLines,
        ),
        params: params('computer'),
        querystring: Type.Object({
          source: Type.String({
            maxLength: 300,
            description: 'software/MD5, instance/PARTITION, service/PARTITION/NAME, agent',
          }),
          offset: Type.Optional(Type.Integer({ default: -200, description: 'First line; negative: from the end.' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 1000 })),
        }),
      },
    },
    async (request) => {
      const { computer } = request.params
      const { source, offset = -200, limit = 1000 } = request.query
      const partition =
        source.startsWith('instance/') || source.startsWith('service/') ? source.split('/')[1] : undefined
      await allowed(request.visitor, computer, partition)
      telemetry.follow(computer, source)
      return telemetry.logs(computer, source, offset, limit)
    },
  )

  app.post(
    '/servers/:computer/commands',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'command', 'Tell a server to do something now', S.Done),
        params: params('computer'),
        body: S.Command,
      },
    },
    async (request) => {
      const { computer } = request.params
      const { partition } = request.body
      await allowed(request.visitor, computer, partition)
      await options.cloud.nodes.command(request.visitor.caller, computer, toCommand(request.body))
      return S.done
    },
  )

  /** The server is his, or one of his instances is in that partition. */
  async function allowed(visitor: Visitor, computer: string, partition: string | undefined): Promise<void> {
    if (await queries.server(visitor.scope, computer)) return
    const mine = partition !== undefined && (await queries.ownsPartition(visitor.scope, computer, partition))
    if (!mine) throw panelErrors.NOT_THERE({ what: computer })
  }
}

interface At {
  readonly computer: string
  readonly partition: string
  readonly name: string
}

const RANK: Readonly<Record<string, number>> = { BACKOFF: 0, FATAL: 0, STARTING: 1, STOPPING: 1 }
const placeKey = ({ computer, partition, name }: At): string => `${computer} ${partition} ${name}`

/** What fails comes first, then what is not settled. */
const processKey = (process: Pick<Static<typeof S.Process>, 'state' | keyof At>): string =>
  `${RANK[process.state] ?? 2} ${placeKey(process)}`
const promiseKey = (promise: Pick<Static<typeof S.PromiseItem>, 'ok' | keyof At>): string =>
  `${promise.ok ? 1 : 0} ${placeKey(promise)}`

function toCommand(body: Static<typeof S.Command>): NodeCommand {
  const need = (field: 'partition' | 'service' | 'url'): string => {
    const value = body[field]
    if (value === undefined) throw panelErrors.COMMAND_INCOMPLETE({ name: body.name, field })
    return value
  }
  if (body.name === 'rebuild') return { name: body.name, url: need('url') }
  if (body.name === 'reprocess') return { name: body.name, partition: need('partition') }
  return { name: body.name, partition: need('partition'), service: need('service') }
}

import type { FastifyPluginAsync } from 'fastify'
import { surfaceErrors } from '../slap/errors.ts'
import { failureOf } from '../slap/failures.ts'
import { findRow, findRows, ownUrl } from './find.ts'
import type { HateoasOptions } from './options.ts'
import { parseQuery } from './query.ts'
import type { Row } from './row.ts'

export type { HateoasOptions, ListedComputer } from './options.ts'

interface Query {
  readonly mode?: string
  readonly query?: string
  readonly select_list?: string | readonly string[]
  readonly limit?: string
  readonly relative_url?: string
}

/**
 * As much of the hypertext API (HAL JSON) as `slapos service|computer` of existing clients use, read-only. To be
 * registered with the path of its URL as prefix.
 */
export const hateoasSurface: FastifyPluginAsync<HateoasOptions> = async (app, options) => {
  app.setErrorHandler((error, request, reply) => {
    const { status, code, line } = failureOf(error, request)
    return reply.code(status).send({ code, message: line })
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'private, no-store')
  })

  const answer = async (request: Parameters<HateoasOptions['identify']>[0], query: Query) => {
    const caller = options.identify(request)
    if (query.mode === 'search') {
      const conditions = parseQuery(query.query ?? '')
      if (!conditions) throw surfaceErrors.FIELD_INVALID({ field: 'query', reason: 'it is not understood' })
      const rows = await findRows(options, caller, conditions)
      return searchAnswer(rows.slice(0, limitOf(query.limit)), query, options.hateoasUrl())
    }
    if (query.mode === 'traverse') {
      const row = await findRow(options, caller, query.relative_url ?? '')
      if (!row) throw surfaceErrors.OBJECT_UNKNOWN({ object: query.relative_url ?? '' })
      return viewAnswer(row)
    }
    return rootAnswer(options.hateoasUrl(), ownUrl(caller))
  }
  // With the prefix: with and without the final slash.
  app.get<{ Querystring: Query }>('/', { exposeHeadRoute: false }, (request) => answer(request, request.query))

  // Where clients look for it: below the `self` link of the root document.
  app.get('/computer_module/Base_getComputerToken', async (request) => {
    const caller = options.identify(request)
    if (caller.kind !== 'person') throw surfaceErrors.NOT_FOR_MACHINES()
    return { access_token: await options.computerToken(caller) }
  })
}

const LIMIT = 1000

const limitOf = (text: string | undefined): number =>
  Math.min(LIMIT, Number(/^\d{1,4}$/.exec(text ?? '')?.[0] ?? LIMIT))

function rootAnswer(url: string, me: string | undefined) {
  return {
    _links: {
      self: { href: url },
      raw_search: {
        href: `${url}?mode=search{&query,select_list*,limit*,group_by*,sort_on*,local_roles*,selection_domain*}`,
        templated: true,
      },
      traverse: { href: `${url}?mode=traverse{&relative_url,view}`, templated: true },
      ...(me !== undefined && { me: { href: `urn:jio:get:${me}` } }),
    },
  }
}

function searchAnswer(rows: readonly Row[], { select_list: selected }: Query, url: string) {
  // Repeated, or joined by commas: it depends on who expanded the template.
  const names = typeof selected === 'string' ? selected.split(',') : (selected ?? [])
  const contents = rows.map(({ relativeUrl, columns }) => ({
    ...Object.fromEntries(names.map((name) => [name, columns[name] ?? ''])),
    _links: { self: { href: `${url}?mode=traverse&relative_url=${encodeURIComponent(relativeUrl)}` } },
  }))
  return { _embedded: { contents } }
}

function viewAnswer({ type, fields }: Row) {
  const shown = Object.entries(fields).map(([name, field]) => [name, { key: `field_${name}`, ...field }])
  return {
    _links: { type: { name: type } },
    _embedded: {
      _view: { form_id: { key: 'form_id', default: 'view', type: 'StringField' }, ...Object.fromEntries(shown) },
    },
  }
}

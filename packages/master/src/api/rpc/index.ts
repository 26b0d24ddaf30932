import { Ajv } from 'ajv'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { BODY_LIMIT } from '../slap/form.ts'
import type { SlapOptions } from '../slap/options.ts'
import { computerMethods } from './computer-methods.ts'
import { rpcFailure, sendRpcFailure } from './failures.ts'
import { instanceMethods } from './instance-methods.ts'
import type { Method } from './method.ts'

export const METHODS: Readonly<Record<string, Method>> = { ...computerMethods, ...instanceMethods }

/** The JSON API `slapos.VERB.v0.NOUN`: POST of an object, answered by an object. To be registered without a prefix. */
export const rpcSurface: FastifyPluginAsync<SlapOptions> = async (app, options) => {
  // Fastify's own settings change input silently.
  const ajv = new Ajv({ coerceTypes: false, removeAdditional: false, useDefaults: false, strict: false })
  app.setValidatorCompiler(({ schema }) => ajv.compile(schema))
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request) => {
    options.identify(request)
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'private, no-store')
  })
  for (const [name, method] of Object.entries(METHODS)) route(app, name, method, options)
}

function route(
  app: FastifyInstance,
  name: string,
  { request: schema, missing, run }: Method,
  options: SlapOptions,
): void {
  app.route({
    method: 'POST',
    url: `/${name}`,
    bodyLimit: BODY_LIMIT,
    schema: { body: schema },
    preValidation: async (request, reply) => {
      const failure = notAcceptable(request) ?? notAnObject(request.body)
      if (failure) return sendRpcFailure(failure, reply)
    },
    handler: (request) => run(options, options.identify(request), request.body),
    errorHandler: (error, request, reply) => sendRpcFailure(rpcFailure(error, request, missing), reply),
  })
  app.route({
    method: ['GET', 'PUT', 'DELETE', 'PATCH'],
    url: `/${name}`,
    handler: (_request, reply) =>
      sendRpcFailure({ status: 405, type: 'not-allowed-http-method', title: 'only POST is allowed' }, reply),
  })
}

function notAcceptable({ headers: { accept } }: FastifyRequest) {
  if (accept === undefined || /\*\/\*|application\/(\*|json)/.test(accept)) return undefined
  return { status: 406, type: 'not-acceptable', title: 'answers are application/json only' }
}

function notAnObject(body: unknown) {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return undefined
  return { status: 400, type: 'not-json-object-content', title: 'the body is not a JSON object' }
}

import type { RouteOptions } from 'fastify'
import { sessionCookie } from './authenticate.ts'
import { Problem } from './schemas/index.ts'

/** The ways to say who asks, for the OpenAPI document. */
export const securitySchemes = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookie(true),
    description: 'Made by POST /api/v1/session. Without TLS its name has no `__Host-` before it.',
  },
  csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token', description: 'The `csrf` of the session.' },
  token: { type: 'http', scheme: 'bearer', description: 'An API token; its scope must be the one named, or more.' },
} as const

/**
 * Every route says what it needs of a token, or that it is for everybody: one that does not is a mistake that keeps the
 * Master from starting, not an open door. From that the document tells who may, and how a refusal looks.
 */
export function declared(route: RouteOptions): void {
  const { config, schema, method } = route
  const needs = config?.needs
  if (needs === undefined) throw new Error(`${method} ${route.url} does not declare what it needs`)
  if (schema === undefined || schema.hide === true) return
  const response = typeof schema.response === 'object' ? schema.response : {}
  const session = method === 'GET' || method === 'HEAD' ? { session: [] } : { session: [], csrf: [] }
  route.schema = {
    ...schema,
    security: needs === 'nobody' ? [] : [session, { token: [needs] }],
    response: { ...response, ...Object.fromEntries(refusalsOf(route).map((status) => [status, Problem])) },
  }
}

/** 413 and 429 may meet everybody, 5xx are of no route: `default` stands for them. */
function refusalsOf({ config, schema, url }: RouteOptions): readonly (string | number)[] {
  const input = schema?.body !== undefined || schema?.querystring !== undefined
  const headers = schema?.headers
  const versioned = typeof headers === 'object' && headers !== null && 'if-match' in Object(Object(headers).properties)
  return [
    ...(input ? [400] : []),
    ...(config?.needs === 'nobody' ? [] : [401, 403]),
    ...(url.includes('/:') ? [404] : []),
    ...(versioned ? [412, 428] : []),
    'default',
  ]
}

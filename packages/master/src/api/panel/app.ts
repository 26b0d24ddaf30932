import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Visitor } from './authenticate.ts'
import type { TypeBoxProvider } from './typebox-provider.ts'

export type PanelApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before every handler but those of the log-in and of invitations. */
    visitor: Visitor
  }
  interface FastifyContextConfig {
    /** Nobody needs to be logged in. */
    open?: boolean
  }
}

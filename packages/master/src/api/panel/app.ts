import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { GrantScope } from '../../domain/rights/grant.ts'
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
    /** What an API token must give for this route; `nobody`: it is for those who are not logged in. */
    needs?: GrantScope | 'nobody'
  }
}

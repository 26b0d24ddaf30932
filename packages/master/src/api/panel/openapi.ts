import fastify from 'fastify'
import { panelSurface } from './index.ts'
import type { PanelOptions } from './options.ts'

/** The OpenAPI 3.1 document of the panel API, without a Master: what the panel's types are generated from. */
export async function openApiDocument(): Promise<unknown> {
  const app = fastify()
  // Routes are only declared, never called.
  await app.register(panelSurface, { prefix: '/api/v1' } as unknown as PanelOptions)
  try {
    const answer = await app.inject('/api/v1/openapi.json')
    return answer.json()
  } finally {
    await app.close()
  }
}

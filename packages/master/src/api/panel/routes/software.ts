import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers } from '../tools.ts'

const TAG = 'software'

export function softwareRoutes(app: PanelApp, { queries, cloud }: PanelOptions): void {
  app.get(
    '/products',
    {
      config: { needs: 'read' },
      schema: answers(TAG, 'listProducts', 'The catalogue, releases newest first', Type.Array(S.Product)),
    },
    (request) => queries.products(request.visitor.scope),
  )

  app.post(
    '/releases',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'addRelease', 'Add a release by URL; its description is fetched and kept', S.Descriptor),
        body: S.NewRelease,
      },
    },
    async (request) => {
      await cloud.catalogue.add(request.visitor.caller, request.body.url)
      return queries.descriptor(request.visitor.scope, request.body.url)
    },
  )

  app.get(
    '/descriptor',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'getDescriptor', 'Software types of a release, with their schemas', S.Descriptor),
        querystring: Type.Object({ url: Type.String({ maxLength: 2000 }) }),
      },
    },
    (request) => queries.descriptor(request.visitor.scope, request.query.url),
  )
}

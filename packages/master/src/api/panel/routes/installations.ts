import { createHash } from 'node:crypto'
import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params, there } from '../tools.ts'

const TAG = 'software'

export function installationRoutes(app: PanelApp, { queries, cloud }: PanelOptions): void {
  app.get(
    '/servers/:computer/installations',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listInstallations', 'Supplied software of a server', Type.Array(S.Installation)),
        params: params('computer'),
      },
    },
    (request) => queries.installations(request.visitor.scope, request.params.computer),
  )

  app.get(
    '/servers/:computer/installations/:id',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'getInstallation', 'One release on one server: phase, progress, last error', S.Installation),
        params: params('computer', 'id'),
      },
    },
    async (request) => {
      const { computer, id } = request.params
      return there(await queries.installation(request.visitor.scope, computer, id), `this release on ${computer}`)
    },
  )

  app.post(
    '/servers/:computer/installations',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'supply', 'Supply a release to a server', S.Installation),
        params: params('computer'),
        body: S.NewRelease,
      },
    },
    async (request) => {
      const { computer } = request.params
      const { url } = request.body
      await cloud.software.supply(request.visitor.caller, computer, url, 'available')
      const id = createHash('md5').update(url).digest('hex')
      return there(await queries.installation(request.visitor.scope, computer, id), `this release on ${computer}`)
    },
  )

  app.delete(
    '/servers/:computer/installations/:id',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'unsupply', 'Remove a release from a server', S.Done),
        params: params('computer', 'id'),
      },
    },
    async (request) => {
      const { computer, id } = request.params
      const installation = there(await queries.installation(request.visitor.scope, computer, id), 'this release')
      await cloud.software.supply(request.visitor.caller, computer, installation.url, 'destroyed')
      return S.done
    },
  )
}

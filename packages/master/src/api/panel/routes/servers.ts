import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import type { PanelOptions } from '../options.ts'
import { requireRole } from '../roles.ts'
import * as S from '../schemas/index.ts'
import { answers, params, there } from '../tools.ts'

const TAG = 'servers'

export function serverRoutes(app: PanelApp, options: PanelOptions): void {
  const { queries, cloud, identity } = options

  app.get(
    '/servers',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listServers', 'Servers', S.ServerPage),
        querystring: Type.Object({
          ...S.ListQuery.properties,
          shared: Type.Optional(Type.Boolean({ description: 'Also those that others share with your projects.' })),
        }),
      },
    },
    (request) => queries.servers(request.visitor.scope, request.query),
  )

  app.get(
    '/servers/:computer',
    {
      config: { needs: 'read' },
      schema: { ...answers(TAG, 'getServer', 'One server', S.Server), params: params('computer') },
    },
    async (request) =>
      there(await queries.server(request.visitor.scope, request.params.computer), request.params.computer),
  )

  app.patch(
    '/servers/:computer',
    {
      config: { needs: 'write' },
      schema: {
        ...answers(TAG, 'changeServer', 'Rename a server, open or close it', S.Server),
        params: params('computer'),
        body: S.ServerChange,
      },
    },
    async (request) => {
      const { computer } = request.params
      const { caller, scope } = request.visitor
      there(await queries.server(scope, computer), computer)
      if (request.body.scope !== undefined) await cloud.nodes.setAllocationScope(caller, computer, request.body.scope)
      if (request.body.title !== undefined) await cloud.nodes.rename(caller, computer, request.body.title)
      return there(await queries.server(scope, computer), computer)
    },
  )

  app.put(
    '/servers/:computer/sharing',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'shareServer', 'Share a server with other projects', S.Server),
        params: params('computer'),
        body: S.ServerSharing,
      },
    },
    async (request) => {
      const { computer } = request.params
      const { caller, scope } = request.visitor
      there(await queries.server(scope, computer), computer)
      const { sharing, projects = [] } = request.body
      await cloud.nodes.share(caller, computer, sharing === 'named' ? projects : sharing)
      return there(await queries.server(scope, computer), computer)
    },
  )

  app.get(
    '/servers/:computer/partitions',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listPartitions', 'Partitions and what runs in them', Type.Array(S.PartitionItem)),
        params: params('computer'),
      },
    },
    (request) => queries.partitions(request.visitor.scope, request.params.computer),
  )

  app.get(
    '/servers/:computer/certificates',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listServerCertificates', 'Certificates of a server', Type.Array(S.CertificateItem)),
        params: params('computer'),
      },
    },
    async (request) => {
      const { computer } = request.params
      there(await queries.server(request.visitor.scope, computer), computer)
      const records = await identity.certificates.list('computer', computer)
      return records.map(({ fingerprint, kind, subject, issued, expires, revoked }) => ({
        fingerprint,
        kind,
        subject,
        issued,
        expires,
        revoked: revoked ?? null,
      }))
    },
  )

  app.post(
    '/servers/:computer/certificates/revoke',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'revokeServerCertificate', 'Cut a server off: revoke its certificate', S.Done),
        params: params('computer'),
      },
    },
    async (request) => {
      const { computer } = request.params
      const { scope } = request.visitor
      const server = there(await queries.server(scope, computer), computer)
      requireRole(request.visitor, server.project, 'owner', 'manager')
      await cloud.demand(request.visitor.caller, 'nodes.certify', { computer })
      await identity.certificates.revokeSubject('computer', computer)
      return S.done
    },
  )
}

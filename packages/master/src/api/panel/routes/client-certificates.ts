import Type from 'typebox'
import type { PanelApp } from '../app.ts'
import type { Visitor } from '../authenticate.ts'
import { panelErrors } from '../errors.ts'
import type { PanelOptions } from '../options.ts'
import * as S from '../schemas/index.ts'
import { answers, params, there } from '../tools.ts'
import { shownToken } from './shown-token.ts'

const TAG = 'session'
const HOUR = 3_600_000

/** Certificates with which a person's command line clients speak for him, and the token that brings another one. */
export function clientCertificateRoutes(app: PanelApp, { identity, cloud, webUrl }: PanelOptions): void {
  const self = async ({ caller }: Visitor, useCase: 'account.see' | 'account.change'): Promise<string> => {
    await cloud.demand(caller, useCase, { person: caller.person })
    return caller.person
  }

  const tokensOf = async (person: string) =>
    (await identity.tokens.list({ person })).filter(({ purpose }) => purpose === 'person')

  app.get(
    '/client-certificates',
    {
      config: { needs: 'read' },
      schema: answers(TAG, 'listClientCertificates', 'Certificates of my clients', Type.Array(S.CertificateItem)),
    },
    async (request) => {
      const records = await identity.certificates.list('person', await self(request.visitor, 'account.see'))
      return records.map(({ revoked = null, fingerprint, kind, subject, issued, expires }) => ({
        ...{ fingerprint, kind, subject, issued, expires, revoked },
      }))
    },
  )

  app.get(
    '/client-tokens',
    {
      config: { needs: 'read' },
      schema: answers(TAG, 'listClientTokens', 'Tokens for clients of mine', Type.Array(S.ClientToken)),
    },
    async (request) => (await tokensOf(await self(request.visitor, 'account.see'))).map(shownToken),
  )

  app.delete(
    '/client-tokens/:id',
    {
      config: { needs: 'admin' },
      schema: { ...answers(TAG, 'revokeClientToken', 'Revoke a token for a client', S.Done), params: params('id') },
    },
    async (request) => {
      const mine = await tokensOf(await self(request.visitor, 'account.change'))
      const token = there(
        mine.find(({ id }) => id === request.params.id),
        'this token',
      )
      await identity.tokens.revoke(token.id)
      return S.done
    },
  )

  app.post(
    '/client-tokens',
    {
      config: { needs: 'admin' },
      schema: answers(TAG, 'createClientToken', 'Make a single-use token for a client of mine', S.IssuedClientToken),
    },
    async (request) => {
      const person = await self(request.visitor, 'account.change')
      const { token, record } = await identity.tokens.create({ purpose: 'person', person, lifeMs: HOUR })
      // Not as an argument: every user of a machine sees those.
      const command = `SLAPOS_TOKEN=${token} slapos configure client --master-url-web ${webUrl()}/`
      return { id: record.id, token, expires: record.expires, command }
    },
  )

  app.delete(
    '/client-certificates/:fingerprint',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'revokeClientCertificate', 'Cut one of my clients off', S.Done),
        params: params('fingerprint'),
      },
    },
    async (request) => {
      const { fingerprint } = request.params
      const records = await identity.certificates.list('person', await self(request.visitor, 'account.change'))
      if (!records.some((record) => record.fingerprint === fingerprint)) {
        throw panelErrors.NOT_THERE({ what: 'this certificate' })
      }
      await identity.certificates.revoke(fingerprint)
      return S.done
    },
  )
}

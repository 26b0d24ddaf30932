import { X509Certificate } from 'node:crypto'
import { API_URL_HEADER, type Form } from '@slapos/slap'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { identityErrors } from '../../identity/errors.ts'
import type { Enrolled } from '../../identity/tokens/enrolment.ts'
import { surfaceErrors } from '../slap/errors.ts'
import { answerFailuresAsText } from '../slap/failures.ts'
import { acceptForms, formOf, required } from '../slap/form.ts'
import type { RegistrationOptions } from './options.ts'
import { passwordOf } from './password.ts'

export { answerLoginChecks } from './login-check.ts'
export type { RegistrationOptions } from './options.ts'

/**
 * The web service from which machines and persons get their first certificate: `slapos node register` and
 * `slapos configure client`. No client certificate is asked for here.
 */
export const registrationSurface: FastifyPluginAsync<RegistrationOptions> = async (app, options) => {
  acceptForms(app)
  answerFailuresAsText(app)
  const { enrolment, masterUrl } = options

  const computer = async (request: FastifyRequest, token: string, fields: Form) => {
    const enrolled = await enrolment.computer({
      ...applicant(request, token, fields),
      title: required(fields, 'title'),
    })
    return { ...answerOf(enrolled, masterUrl()), relative_url: `compute_node_module/${numberOf(enrolled.subject)}` }
  }

  atBothPaths(app, 'POST', 'Person_requestComputer', (request) =>
    computer(request, tokenOf(request), formOf(request.body)),
  )

  // With a name and a password, in place of the token that the person could have made.
  atBothPaths(app, 'GET', 'Person_requestComputer', async (request) => {
    const { login, password } = passwordOf(request.headers.authorization)
    const person = await options.credentials.verify({ login, password, address: request.ip })
    const { token } = await options.tokens.create({ purpose: 'computer', person, lifeMs: ONE_MINUTE })
    return computer(request, token, formOf(request.query))
  })

  atBothPaths(app, 'POST', 'Person_getCertificate', async (request) => {
    const enrolled = await enrolment.person(applicant(request, tokenOf(request), formOf(request.body)))
    const id = `0x${new X509Certificate(enrolled.certificate).serialNumber.toLowerCase()}`
    return { ...answerOf(enrolled, masterUrl()), id, common_name: enrolled.subject }
  })
}

export interface CaSurfaceOptions {
  caBundle(): string
  /** URL of the API. */
  masterUrl(): string
}

/**
 * The certificate of the authority, for those who know its fingerprint: `/ca.crt`, on the API and on the web side. And
 * where the API is, whose server that authority proves: the web side may have a certificate of another one.
 */
export const caSurface: FastifyPluginAsync<CaSurfaceOptions> = async (app, { caBundle, masterUrl }) => {
  app.get('/ca.crt', async (_request, reply) =>
    reply.type('application/x-pem-file').header(API_URL_HEADER, masterUrl()).send(caBundle()),
  )
}

const ONE_MINUTE = 60_000

/** A web address typed with a final slash makes clients ask for `//NAME`. */
function atBothPaths(
  app: FastifyInstance,
  method: 'GET' | 'POST',
  name: string,
  handler: (request: FastifyRequest) => Promise<object>,
): void {
  for (const url of [`/${name}`, `//${name}`]) {
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        reply.header('cache-control', 'private, no-store')
        return handler(request)
      },
    })
  }
}

function tokenOf(request: FastifyRequest): string {
  const token = request.headers['x-access-token']
  if (typeof token !== 'string' || token === '') {
    throw identityErrors.TOKEN_REFUSED({ reason: 'the request carries none in X-Access-Token' })
  }
  return token
}

function applicant(request: FastifyRequest, token: string, { csr }: Form) {
  return { token, address: request.ip, ...(csr && { csr }) }
}

/** Classic clients read `certificate` and `key`; ours sent a request, keeps its key and learns whom to trust. */
function answerOf({ certificate, key, ca, subject }: Enrolled, masterUrl: string) {
  return { certificate, ...(key !== undefined && { key }), ca, reference: subject, master_url: masterUrl }
}

function numberOf(reference: string): string {
  const number = /\d+$/.exec(reference)?.[0]
  if (number === undefined) throw surfaceErrors.FIELD_INVALID({ field: 'reference', reason: 'it has no number' })
  return number
}

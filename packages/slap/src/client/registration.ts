import { X509Certificate } from 'node:crypto'
import { decodeJson, object, plainObject, text } from '../codec/json.ts'
import { slapErrors } from '../errors.ts'
import { createCaller } from './caller.ts'
import { MasterError, masterFailure } from './master-error.ts'
import { createTransport, type TransportOptions } from './transport.ts'

/** Who asks: a single-use token, or (where a Master allows it) a name and a password. */
export type Enrolment = { readonly token: string } | { readonly login: string; readonly password: string }

export interface Enrolled {
  /** Text before the PEM blocks is allowed: existing clients read the reference out of it. */
  readonly certificate: string
  /** Absent when the Master signed our own request. */
  readonly key: string | undefined
  /** Authorities to trust from now on; a classic Master tells none. */
  readonly ca: string | undefined
  /** `COMP-n` of a node; a classic Master leaves it in the certificate's text only. */
  readonly reference: string | undefined
  /** Where its API is, when the Master says it. */
  readonly masterUrl: string | undefined
}

export interface EnrolOptions extends TransportOptions {
  /**
   * URL of the API, tried when the server at `url` is not proven by `tls.ca`: the web side may show a certificate of
   * another authority, or stand behind a proxy that does. Nothing was sent there then.
   */
  readonly apiUrl?: string
}

/** `options.url` is the web side of the Master. A signing request keeps the key on this machine. */
export function enrolComputer(
  options: EnrolOptions,
  enrolment: Enrolment,
  computer: { readonly title: string; readonly csr?: string },
): Promise<Enrolled> {
  const { title, csr } = computer
  return enrol(options, 'Person_requestComputer', enrolment, { title, ...(csr !== undefined && { csr }) })
}

/** The personal certificate of `slapos configure client`. */
export function enrolPerson(options: EnrolOptions, enrolment: Enrolment, csr?: string): Promise<Enrolled> {
  return enrol(options, 'Person_getCertificate', enrolment, csr === undefined ? {} : { csr })
}

/**
 * The Master's root certificate (PEM), fetched without trust and kept only when its SHA-256 begins with `pin`: every
 * later connection is verified against it. Fails as `untrusted`.
 */
export const fetchPinnedCa = async (options: TransportOptions, pin: string): Promise<string> =>
  (await fetchPinnedMaster(options, pin)).ca

/** As `fetchPinnedCa`, and where the API is when the Master says so: to be believed as far as `ca` proves it. */
export async function fetchPinnedMaster(
  options: TransportOptions,
  pin: string,
): Promise<{ readonly ca: string; readonly apiUrl: string | undefined }> {
  const transport = createTransport({ ...options, tls: { verify: false }, maxBytes: 1024 * 1024 })
  try {
    const { body, headers } = await transport.send({ method: 'GET', path: 'ca.crt' })
    const apiUrl = headers[API_URL_HEADER]
    for (const block of body.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []) {
      if (!fingerprintOf(block).startsWith(pin.toLowerCase())) continue
      return { ca: `${block}\n`, apiUrl: typeof apiUrl === 'string' ? apiUrl : undefined }
    }
    const reason = 'it does not have the authority that the token names'
    throw new MasterError('untrusted', { call: 'ca.crt', url: transport.url, reason })
  } finally {
    transport.close()
  }
}

/** `COMP-n` in the text that precedes a certificate, found as existing clients find it. */
export const referenceOf = (certificate: string): string | undefined => /COMP-[^/\s]+(?=\/email)/.exec(certificate)?.[0]

/** Of the answer that brings the authority's certificate. */
export const API_URL_HEADER = 'x-slapos-api-url'

function enrol(
  { apiUrl, ...options }: EnrolOptions,
  path: string,
  enrolment: Enrolment,
  form: Readonly<Record<string, string>>,
): Promise<Enrolled> {
  return enrolAt(options, path, enrolment, form).catch((error: unknown) => {
    const elsewhere = apiUrl !== undefined && options.tls?.ca !== undefined && masterFailure(error) === 'untrusted'
    if (!elsewhere) throw error
    return enrolAt({ ...options, url: apiUrl }, path, enrolment, form)
  })
}

async function enrolAt(
  options: TransportOptions,
  path: string,
  enrolment: Enrolment,
  form: Readonly<Record<string, string>>,
): Promise<Enrolled> {
  const transport = createTransport(options)
  try {
    const byToken = 'token' in enrolment
    const answer = await transport.send(
      byToken
        ? {
            method: 'POST',
            path,
            headers: { 'x-access-token': enrolment.token, 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams(form).toString(),
          }
        : { method: 'GET', path, query: form, headers: { authorization: basic(enrolment) } },
    )
    return createCaller(transport).decode(path, answer.body, decodeEnrolled)
  } finally {
    transport.close()
  }
}

function decodeEnrolled(body: string): Enrolled {
  const fields = decodeJson(body, plainObject, 'answer')
  const { certificate } = object({ certificate: text })(fields, 'answer')
  const optional = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  if (!certificate.includes('-----BEGIN CERTIFICATE-----')) {
    throw slapErrors.DOCUMENT_UNEXPECTED({ path: 'answer.certificate', reason: 'it holds no certificate' })
  }
  return {
    certificate,
    key: optional('key'),
    ca: optional('ca'),
    reference: optional('reference') ?? referenceOf(certificate),
    masterUrl: optional('master_url'),
  }
}

const basic = ({ login, password }: { readonly login: string; readonly password: string }) =>
  `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`

function fingerprintOf(pem: string): string {
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
  } catch {
    return ''
  }
}

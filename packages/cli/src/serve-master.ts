import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, systemClock } from '@slapos/base'
import { runMaster } from '@slapos/master/commands/index.ts'
import { cliErrors } from './errors.ts'
import type { Io } from './io.ts'
import { ioLogger } from './io-logger.ts'

export interface ServeOptions {
  readonly dataDirectory: string
  readonly database?: string
  readonly api: string
  readonly web: string
  readonly apiUrl?: string
  readonly webUrl?: string
  readonly webCert?: string
  readonly webKey?: string
  readonly trustedProxy?: readonly string[]
  readonly bundle?: string
  readonly mailFrom?: string
  readonly allowPrivateReleases?: boolean
}

/** `slapos master start`: the Master on the network, with the installers that it serves. */
export async function serveMaster(io: Io, options: ServeOptions): Promise<number> {
  const { dataDirectory, database, apiUrl, webUrl, allowPrivateReleases } = options
  const web = address('--web', options.web)
  await access(join(dataDirectory, 'pki')).catch(() => {
    throw cliErrors.MASTER_NOT_PREPARED({ path: dataDirectory })
  })
  const webCertificate = webCertificateOf(options)
  const mail = mailOf(io.environment, options.mailFrom)
  return runMaster(
    {
      dataDirectory,
      api: address('--api', options.api),
      web: { ...web, tls: webCertificate !== undefined || !isLoopback(web.host) || web.port === 443 },
      ...(webCertificate && { webCertificate }),
      ...(options.trustedProxy && { trustedProxies: options.trustedProxy }),
      publicUrls: { ...(apiUrl !== undefined && { api: apiUrl }), ...(webUrl !== undefined && { web: webUrl }) },
      ...(database !== undefined && { database }),
      ...(allowPrivateReleases !== undefined && { allowPrivateReleases }),
      bundleDirectory: options.bundle ?? join(import.meta.dirname, '../../../dist/bundle'),
      ...(mail && { mail }),
      logger: ioLogger(io, 'master'),
      clock: systemClock,
    },
    { out: (line) => io.out(`${line}\n`), err: (line) => io.err(`${line}\n`) },
  ).then((code) => code ?? EXIT.ok)
}

function webCertificateOf({ webCert: cert, webKey: key }: ServeOptions) {
  if (cert !== undefined && key !== undefined) return { cert, key }
  if (cert !== undefined) throw cliErrors.OPTION_MISSING({ given: '--web-cert', option: '--web-key' })
  if (key !== undefined) throw cliErrors.OPTION_MISSING({ given: '--web-key', option: '--web-cert' })
  return undefined
}

/** From the environment: the address holds a password, and a command line is seen by every user of the machine. */
function mailOf(environment: Io['environment'], from: string | undefined): { smtp: string; from: string } | undefined {
  const smtp = environment['SLAPOS_SMTP']
  if (smtp === undefined || smtp === '') return undefined
  const url = URL.canParse(smtp) ? new URL(smtp) : undefined
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') throw cliErrors.BAD_MAIL_SERVER()
  return { smtp, from: from ?? `slapos@${url.hostname}` }
}

const isLoopback = (host: string) => host === '::1' || host === 'localhost' || host.startsWith('127.')

/** `host:port`, `[ipv6]:port`. */
function address(option: string, text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:]+)):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535) throw cliErrors.BAD_ADDRESS({ option, text })
  return { host: match[1] ?? match[2] ?? '', port }
}

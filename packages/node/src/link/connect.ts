import { readFile } from 'node:fs/promises'
import { type Capabilities, type ClientTls, createSlapClient, masterFailure } from '@slapos/slap'
import type { NodeConfig } from '../config/config.ts'
import { attempt } from './attempt.ts'
import { createClassicLink } from './classic.ts'
import { createExtensionLink } from './extension.ts'
import type { MasterLink } from './link.ts'
import { type Outcome, ok } from './outcome.ts'

export interface Connection {
  readonly link: MasterLink
  /** Undefined: a classic Master. */
  readonly capabilities: Capabilities | undefined
}

type Identity = Pick<NodeConfig, 'masterUrl' | 'computerId' | 'keyFile' | 'certFile' | 'caFile'>

/** Asks the Master what it can, and chooses how to speak to it. */
export async function connectLink(
  config: Identity,
  version: string,
  /** After which an answer that does not come counts as none. Default: the client's. */
  timeoutMs?: number,
): Promise<Outcome<Connection>> {
  const { computerId, masterUrl: url } = config
  const tls = await clientTls(config)
  const userAgent = `slapos/${version}`
  const client = createSlapClient({ url, tls, userAgent, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
  let own: Capabilities | undefined
  try {
    own = await client.capabilities()
  } catch (error) {
    // A Master that fails for the moment may be ours: it is asked again. One that rejects the question is classic.
    const strange = ['rejected', 'bad-answer'].includes(masterFailure(error) ?? '')
    if (!strange) {
      client.close()
      return attempt(() => Promise.reject(error))
    }
  }
  if (own) {
    return ok({ link: createExtensionLink({ computerId, client }, own.capabilities), capabilities: own })
  }
  const secure = new URL(url).protocol === 'https:'
  const clientOf = (cert: string, key: string) =>
    createSlapClient({ url, userAgent, tls: { ...withoutIdentity(tls), cert, key } })
  const link = createClassicLink({ computerId, client, ...(secure ? { clientOf } : {}) })
  return ok({ link, capabilities: undefined })
}

/** With an authority in slapos.cfg the Master is verified against it; classic files name none, and verify nothing. */
export async function clientTls({
  keyFile,
  certFile,
  caFile,
}: Pick<Identity, 'keyFile' | 'certFile' | 'caFile'>): Promise<ClientTls> {
  const read = (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'))
  const [key, cert, ca] = await Promise.all([read(keyFile), read(certFile), read(caFile)])
  return {
    ...(key !== undefined && cert !== undefined ? { key, cert } : {}),
    ...(ca !== undefined ? { ca } : { verify: false }),
  }
}

function withoutIdentity({ ca, verify }: ClientTls): ClientTls {
  return { ...(ca !== undefined ? { ca } : {}), ...(verify !== undefined ? { verify } : {}) }
}

import { constants } from 'node:fs'
import { access, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { text as askText, password } from '@clack/prompts'
import { EXIT, makeDirectory, messageOf, writeFileAtomic } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { registrationKey } from '@slapos/node/commands/registration-key.ts'
import { enrolPerson, fetchPinnedMaster, MasterError, masterFailure, parseToken } from '@slapos/slap'
import { cliErrors } from '../errors.ts'
import { type Io, log } from '../io.ts'
import { clientFiles, formatClientConfig } from './config.ts'
import { clientConfigPath } from './config-path.ts'

export interface ConfigureOptions {
  readonly masterUrl?: string
  readonly masterUrlWeb?: string
  readonly token?: string
  readonly cfg?: string
}

/** `slapos configure client`. The key is made here; a classic Master that sends one is served too. */
export async function configureClient(io: Io, options: ConfigureOptions): Promise<number> {
  const path = clientConfigPath(options.cfg, io.environment)
  await access(path, constants.F_OK).then(
    () => {
      throw cliErrors.CLIENT_EXISTS({ path })
    },
    () => {},
  )
  const web = options.masterUrlWeb ?? (await ask(io, 'URL of the Master website', '--master-url-web'))
  const token =
    options.token ?? io.environment['SLAPOS_TOKEN'] ?? (await ask(io, 'Credential security token', '--token'))
  const pin = parseToken(token)?.pin
  const pinned = pin === undefined ? undefined : await fetchPinnedMaster({ url: web }, pin).catch(refused(web))
  // The Master binds the token to the first key that uses it: were the answer lost, the repetition needs the same one.
  await makeDirectory(dirname(path), 0o700)
  const saved = await registrationKey(dirname(path), token)
  const csr = createCertificateRequest(saved.key, 'person')
  const tls = pinned === undefined ? { verify: false } : { ca: pinned.ca }
  const apiUrl = options.masterUrl ?? pinned?.apiUrl
  const enrolled = await enrolPerson({ url: web, tls, ...(apiUrl !== undefined && { apiUrl }) }, { token }, csr).catch(
    async (error: unknown) => {
      if (masterFailure(error) === 'refused') await saved.discard()
      return refused(web)(error)
    },
  )
  const ca = enrolled.ca ?? pinned?.ca
  await writeClient(path, options.masterUrl ?? enrolled.masterUrl ?? web, {
    certificate: enrolled.certificate,
    key: enrolled.key ?? saved.pem,
    ca,
  })
  await saved.discard()
  log(io, 'info', `SlapOS client configuration written to ${path}`)
  return EXIT.ok
}

/** What the Master or the way to it did, in the words of this command. */
const refused =
  (url: string) =>
  (error: unknown): never => {
    if (error instanceof MasterError && error.kind === 'refused') throw cliErrors.TOKEN_REFUSED({}, error)
    throw cliErrors.CONFIGURE_FAILED(
      { url, reason: error instanceof MasterError ? error.message : messageOf(error) },
      error,
    )
  }

/** Writes slapos-client.cfg and the certificate files beside it, the configuration last. */
export async function writeClient(
  path: string,
  masterUrl: string,
  content: { readonly certificate: string; readonly key: string; readonly ca: string | undefined },
): Promise<void> {
  const files = clientFiles(dirname(path))
  await makeDirectory(dirname(path), 0o700)
  await writeFileAtomic(files.certificate, content.certificate, { mode: 0o600 })
  await writeFileAtomic(files.key, content.key, { mode: 0o600 })
  if (content.ca !== undefined) await writeFileAtomic(files.ca, content.ca, { mode: 0o644 })
  await writeFileAtomic(`${path}.new`, formatClientConfig(masterUrl, content.ca !== undefined), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

async function ask(io: Io, message: string, option: string): Promise<string> {
  if (!io.terminal) throw cliErrors.OPTION_NEEDED({ option })
  const validate = (text: string | undefined) => (text ? undefined : 'It is needed.')
  const answer = await (option === '--token' ? password({ message, validate }) : askText({ message, validate }))
  if (typeof answer !== 'string') throw cliErrors.CANCELLED()
  return answer
}

import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EXIT, makeDirectory, messageOf, writeFileAtomic } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { openPrompt, type Prompt } from '@slapos/node/commands/prompt.ts'
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
export async function configureClient(
  io: Io,
  options: ConfigureOptions,
  open: (io: Io) => Prompt = openPrompt,
): Promise<number> {
  const path = clientConfigPath(options.cfg, io.environment)
  if (existsSync(path)) throw cliErrors.CLIENT_EXISTS({ path, what: 'configuration' })
  const { web, token } = await answers({ ...options, token: options.token ?? io.environment['SLAPOS_TOKEN'] }, () =>
    open(io),
  )
  const pin = parseToken(token)?.pin
  const pinned = pin === undefined ? undefined : await fetchPinnedMaster({ url: web }, pin).catch(refused(web))
  // The Master binds the token to the first key that uses it: were the answer lost, the repetition needs the same one.
  await makeDirectory(dirname(path), 0o700)
  const saved = await registrationKey(dirname(path), token)
  if (!saved.begun) await refuseToReplace(path, saved)
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

/** What another registration left is somebody's only proof of who he is. */
async function refuseToReplace(path: string, saved: { discard(): Promise<void> }): Promise<void> {
  const { certificate, key } = clientFiles(dirname(path))
  for (const [file, what] of [
    [certificate, 'certificate'],
    [key, 'key'],
  ] as const) {
    if (!existsSync(file)) continue
    await saved.discard()
    throw cliErrors.CLIENT_EXISTS({ path: file, what })
  }
}

/** On a terminal, or line by line from a pipe. */
async function answers(
  options: { readonly masterUrlWeb?: string; readonly token: string | undefined },
  open: () => Prompt,
): Promise<{ readonly web: string; readonly token: string }> {
  const { token } = options
  if (options.masterUrlWeb !== undefined && token) return { web: options.masterUrlWeb, token }
  const prompt = open()
  const needed = async (question: string, option: string, hidden = false): Promise<string> => {
    for (;;) {
      const answer = await prompt.ask(question, { hidden })
      if (answer === undefined) throw cliErrors.OPTION_NEEDED({ option })
      if (answer !== '') return answer
    }
  }
  try {
    return {
      web: options.masterUrlWeb ?? (await needed('SlapOS Master website URL: ', '--master-url-web')),
      token: token || (await needed('Credential security token: ', '--token', true)),
    }
  } finally {
    prompt.close()
  }
}

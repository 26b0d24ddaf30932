/** `slapos node register`: the key is made on this machine, the Master signs, slapos.cfg is written. */
import { chmod, mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EXIT, isSlapError, type LogLevel, messageOf, writeFileAtomic } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { type ClientTls, type Enrolled, enrolComputer, fetchPinnedCa, MasterError, parseToken } from '@slapos/slap'
import { type ConfigValues, writeConfig } from '../config/index.ts'
import { nodeErrors } from '../errors.ts'
import { type EnrolmentAnswers, type EnrolmentOptions, enrolmentAnswers } from './enrolment-answers.ts'
import { type CommandIo, type CommonOptions, consoleLog } from './io.ts'
import { openPrompt, type Prompt } from './prompt.ts'
import { registrationKey } from './registration-key.ts'
import { requireRoot } from './setting.ts'

export interface RegisterCommandOptions extends CommonOptions, EnrolmentOptions {
  readonly masterUrl?: string
  readonly masterUrlWeb?: string
  readonly interfaceName?: string
  readonly partitionNumber?: number
  readonly ipv4LocalNetwork?: string
  readonly softwareRoot?: string
  readonly instanceRoot?: string
  readonly createTap?: boolean
  readonly dryRun?: boolean
}

export async function registerCommand(io: CommandIo, options: RegisterCommandOptions, name: string): Promise<number> {
  requireRoot(true)
  const log = consoleLog(io, options)
  const directory = dirname(options.cfg ?? '/etc/opt/slapos/slapos.cfg')
  const paths = {
    configuration: join(directory, 'slapos.cfg'),
    ssl: join(directory, 'ssl'),
    softwareRoot: options.softwareRoot ?? '/opt/slapgrid',
    instanceRoot: options.instanceRoot ?? '/srv/slapgrid',
    stateDirectory: '/var/opt/slapos',
    runtimeDirectory: '/opt/slapos/runtime',
    logDirectory: '/opt/slapos/log',
    computerXml: '/opt/slapos/slapos.xml',
  }
  const { token: _token, login: _login, password: _password, ...settings } = options
  const registration = {
    ...settings,
    name,
    mode: 'system' as const,
    paths,
    masterUrl: options.masterUrl ?? 'https://slap.vifib.com',
    masterUrlWeb: options.masterUrlWeb ?? 'https://panel.rapid.space',
    ipv4LocalNetwork: options.ipv4LocalNetwork ?? '10.0.0.0/16',
    log,
  }
  if (options.dryRun) await registerNode(registration)
  else await answered(io, options, log, (answers) => registerNode({ ...registration, ...answers }))
  if (!options.dryRun) log('info', 'Now please invoke slapos node boot on your site.')
  log.close()
  return EXIT.ok
}

/** Who mistypes his password is asked again; who gave it on the command line is told. */
async function answered(
  io: CommandIo,
  options: RegisterCommandOptions,
  log: Registration['log'],
  register: (answers: EnrolmentAnswers) => Promise<string>,
): Promise<void> {
  const { login, password } = options
  // One reader for all answers: what comes by a pipe is read ahead.
  let prompt: Prompt | undefined
  const open = () => {
    prompt ??= openPrompt(io)
    return { ...prompt, close: () => {} }
  }
  try {
    for (let given: EnrolmentOptions = options; ; given = { loginAuth: true }) {
      const answers = await enrolmentAnswers(io, given, open)
      const done = await register(answers).catch((error: unknown) => {
        const mistyped = isSlapError(error) && error.code === 'LOGIN_REFUSED' && !(login && password)
        if (!mistyped) throw error
        log('warning', 'Wrong login/password')
      })
      if (done !== undefined) return
    }
  } finally {
    prompt?.close()
  }
}

export interface Registration {
  readonly name: string
  readonly mode: ConfigValues['mode']
  readonly token?: string
  readonly login?: string
  readonly password?: string
  /** API, web side. */
  readonly masterUrl: string
  readonly masterUrlWeb: string
  /** PEM; absent: taken from the token's pin, else the server is not verified, as classic clients do. */
  readonly ca?: string
  readonly paths: {
    readonly configuration: string
    readonly ssl: string
    readonly softwareRoot: string
    readonly instanceRoot: string
    readonly stateDirectory: string
    readonly runtimeDirectory: string
    readonly logDirectory: string
    readonly computerXml: string
  }
  readonly interfaceName?: string
  readonly partitionNumber?: number
  readonly ipv4LocalNetwork: string
  readonly createTap?: boolean
  readonly dryRun?: boolean
  readonly log: (level: LogLevel, message: string) => void
}

/** Registers this machine and writes its files. Answers `COMP-n`. */
export async function registerNode(registration: Registration): Promise<string> {
  const { log, paths, name } = registration
  if (registration.dryRun) {
    // The token is not spent: a rehearsal must leave everything as it was.
    log('info', `Would register ${name} at ${registration.masterUrlWeb} and write ${paths.configuration}.`)
    return ''
  }
  const ca = await authority(registration)
  const own = await registrationKey(paths.stateDirectory, registration.token)
  const enrolled = await enrol(registration, ca, createCertificateRequest(own.key, name)).catch(async (error) => {
    if (isSlapError(error) && error.code === 'TOKEN_REFUSED') await own.discard()
    throw error
  })
  const reference = enrolled.reference
  if (!reference) {
    throw nodeErrors.REGISTRATION_FAILED({
      url: registration.masterUrlWeb,
      reason: 'its certificate names no computer',
    })
  }
  const key = enrolled.key ?? own.pem
  await setAside(dirname(paths.configuration), paths.configuration, log)
  const repository = join(paths.ssl, 'partition_pki')
  for (const path of [dirname(paths.configuration), paths.ssl]) await passable(path, log)
  const [keyFile, certFile, caFile] = [
    join(paths.ssl, 'key'),
    join(paths.ssl, 'certificate'),
    join(paths.ssl, 'ca.crt'),
  ]
  const trusted = enrolled.ca ?? ca
  for (const [path, text] of [
    [keyFile, key],
    [certFile, enrolled.certificate],
  ] as const) {
    log('info', `Copying to '${path}', and setting minimum privileges`)
    await writeFileAtomic(path, text, { mode: 0o600 })
  }
  await passable(repository, log)
  if (trusted) await writeFileAtomic(caFile, trusted, { mode: 0o644 })
  await writeConfig(paths.configuration, {
    ...paths,
    mode: registration.mode,
    computerId: reference,
    masterUrl: registration.masterUrl,
    keyFile,
    certFile,
    ...(trusted ? { caFile } : {}),
    certificateRepository: repository,
    interfaceName: registration.interfaceName ?? 'lo',
    ipv4LocalNetwork: registration.ipv4LocalNetwork,
    partitionAmount: registration.partitionNumber ?? 10,
    createTap: registration.createTap ?? false,
  })
  await own.discard()
  log('info', `SlapOS configuration written to ${paths.configuration}`)
  log('info', `Node has successfully been configured as ${reference}.`)
  return reference
}

/** The token pins the Master's authority: it is fetched and checked before the token leaves this machine. */
async function authority({ ca, token, masterUrl }: Registration): Promise<string | undefined> {
  if (ca) return ca
  const pin = token === undefined ? undefined : parseToken(token)?.pin
  if (pin === undefined) return undefined
  try {
    return await fetchPinnedCa({ url: masterUrl }, pin)
  } catch (error) {
    throw nodeErrors.REGISTRATION_FAILED({ url: masterUrl, reason: messageOf(error) }, error)
  }
}

async function enrol(registration: Registration, ca: string | undefined, csr: string): Promise<Enrolled> {
  const { masterUrl: apiUrl, masterUrlWeb: url, name, token, login = '', password = '' } = registration
  const tls: ClientTls = ca === undefined ? { verify: false } : { ca }
  const enrolment = token === undefined ? { login, password } : { token }
  try {
    return await enrolComputer({ url, apiUrl, tls }, enrolment, { title: name, csr })
  } catch (error) {
    if (!(error instanceof MasterError)) throw error
    if (error.body.includes('Certificate still active.')) throw nodeErrors.NAME_IN_USE({ name }, error)
    if (error.kind === 'refused')
      throw token === undefined ? nodeErrors.LOGIN_REFUSED({}, error) : nodeErrors.TOKEN_REFUSED({}, error)
    if (token === undefined && error.body.includes('NotImplementedError')) throw nodeErrors.LOGIN_UNSUPPORTED({}, error)
    throw nodeErrors.REGISTRATION_FAILED({ url, reason: error.message }, error)
  }
}

/** Made when it is not there, with what leads to it: partitions' users pass through, whatever root's umask is. */
async function passable(path: string, log: Registration['log']): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first !== undefined) log('info', `Creating directory: ${path}`)
  for (let above = dirname(path); first !== undefined && above.startsWith(first); above = dirname(above))
    await chmod(above, 0o755)
  await chmod(path, 0o711)
}

/** A former configuration moves to `.old`, `.old.1`...: nothing of it is lost or mixed with the new one. */
async function setAside(directory: string, configuration: string, log: Registration['log']): Promise<void> {
  const exists = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    )
  if (!(await exists(configuration))) return
  let target = `${directory}.old`
  for (let i = 1; await exists(target); i++) {
    log('info', `Slapos configuration detected in ${target}`)
    target = `${directory}.old.${i}`
  }
  log('info', `Former slapos configuration detected in ${directory} moving to ${target}`)
  await rename(directory, target)
}

import { EXIT } from '@slapos/base'
import { type InstanceState, masterFailure, type Serialisation, unwrapJson } from '@slapos/slap'
import { type Io, log } from '../io.ts'
import { fields, list, text } from './json.ts'
import { parseAssignments } from './options.ts'
import { parametersFromFile } from './parameters.ts'
import { pythonFormat } from './python-format.ts'
import { resolveRelease } from './release-url.ts'
import { findService } from './services.ts'
import { type ClientOptions, type ClientSession, openSession } from './session.ts'
import { unreachable } from './unreachable.ts'

export interface RequestOptions extends ClientOptions {
  readonly node?: readonly string[]
  readonly type?: string
  readonly state?: InstanceState
  readonly slave?: boolean
  readonly parameters?: readonly string[]
  readonly parametersFile?: string
  readonly forceSerialisation?: Serialisation
}

/** `slapos request`: asks for an instance and shows its state and connection parameters. Exit 2: not ready yet. */
export async function request(io: Io, title: string, software: string, options: RequestOptions): Promise<number> {
  const state = options.state ?? 'started'
  const filter = parseAssignments('--node', options.node)
  const assignments = parseAssignments('--parameters', options.parameters)
  using session = await openSession(io, options)
  log(io, 'info', `Requesting ${title} as instance of ${software}...`)
  const releaseUrl = await resolveRelease(session, software, { mustExist: state === 'started' })
  const parameters = options.parametersFile
    ? await parametersFromFile(
        options.parametersFile,
        options.forceSerialisation ?? (await serialisationOf(session, releaseUrl, options)),
      )
    : assignments
  try {
    const instance = await session.slap.request({
      title,
      releaseUrl,
      softwareType: options.type ?? 'default',
      parameters,
      filter,
      state,
      shared: options.slave ?? false,
    })
    const connection = unwrapJson(instance.connection)
    if (options.json) io.out(`${JSON.stringify({ ...instance, connection }, null, 2)}\n`)
    else {
      log(io, 'info', `Instance requested.\nState is : ${instance.state}.`)
      log(io, 'info', 'Connection parameters of instance are:')
      io.out(`${pythonFormat(connection)}\n`)
      log(io, 'info', 'You can rerun the command to get up-to-date information.')
    }
    if (state === 'started' && Object.keys(fields(connection)).length === 0)
      await explain(io, session, title, releaseUrl)
    return EXIT.ok
  } catch (error) {
    if (masterFailure(error) !== 'not-ready') throw error
    log(io, 'warning', `Instance requested. ${state === 'destroyed' ? 'Master is removing it.' : provisioning(title)}`)
    return EXIT.partial
  }
}

const provisioning = (title: string): string =>
  `Master is provisioning it. Please rerun in a couple of minutes to get connection information. 'slapos why ${quoted(title)}' says what it waits for.`

/** It has published nothing: a person wants to know whether to wait or to act. */
async function explain(io: Io, session: ClientSession, title: string, release: string): Promise<void> {
  // A classic Master does not tell.
  const [found, doubt] = await Promise.all([
    findService(session, title).catch(() => undefined),
    unreachable(io, release),
  ])
  const { color, word, reason } = fields(found?.['status'])
  if (color === 'red')
    log(
      io,
      'warning',
      `${title} is ${text(word).toLowerCase()}: ${text(reason).replace(/[^.!?]$/, '$&.')} 'slapos why ${quoted(title)}' says more.`,
    )
  else if (doubt !== undefined) log(io, 'warning', `${release} cannot be fetched from here (${doubt}).`)
  else log(io, 'info', `It has published none yet: 'slapos why ${quoted(title)}' says what it waits for.`)
}

/** As a word of a shell. */
const quoted = (title: string): string => (/^[\w.@:/+-]+$/.test(title) ? title : `"${title}"`)

/** What the release declares for that type; json-in-xml when it declares nothing or cannot be read. */
async function serialisationOf(session: ClientSession, url: string, options: RequestOptions): Promise<Serialisation> {
  const type = options.type ?? 'default'
  const descriptor = fields(await session.get('descriptor', { url }).catch(() => undefined))
  const form = list(descriptor['forms']).find(
    (entry) => text(entry['softwareType']) === type && entry['shared'] === (options.slave ?? false),
  )
  return form?.['serialisation'] === 'xml' ? 'xml' : 'json-in-xml'
}

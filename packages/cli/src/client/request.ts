import { EXIT } from '@slapos/base'
import { type InstanceState, masterFailure, type Serialisation, unwrapJson } from '@slapos/slap'
import { cliErrors } from '../errors.ts'
import { type Io, log } from '../io.ts'
import { fields, list, text } from './json.ts'
import { parseAssignments } from './options.ts'
import { parametersFromFile } from './parameters.ts'
import { pythonFormat } from './python-format.ts'
import { resolveRelease } from './release-url.ts'
import { type ClientOptions, type ClientSession, openSession } from './session.ts'

export interface RequestOptions extends ClientOptions {
  readonly node?: readonly string[]
  readonly type?: string
  readonly state?: string
  readonly slave?: boolean
  readonly parameters?: readonly string[]
  readonly parametersFile?: string
  readonly forceSerialisation?: Serialisation
}

/** `slapos request`: asks for an instance and shows its state and connection parameters. Exit 2: not ready yet. */
export async function request(io: Io, title: string, software: string, options: RequestOptions): Promise<number> {
  const state = parseState(options.state)
  const filter = parseAssignments('--node', options.node)
  using session = await openSession(io, options)
  log(io, 'info', `Requesting ${title} as instance of ${software}...`)
  const releaseUrl = await resolveRelease(session, software)
  const parameters = options.parametersFile
    ? await parametersFromFile(
        options.parametersFile,
        options.forceSerialisation ?? (await serialisationOf(session, releaseUrl, options)),
      )
    : parseAssignments('--parameters', options.parameters)
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
    return EXIT.ok
  } catch (error) {
    if (masterFailure(error) !== 'not-ready') throw error
    const advice = state === 'destroyed' ? '' : ` 'slapos why ${title}' says what it waits for.`
    log(
      io,
      'warning',
      `Instance requested. Master is provisioning it. Please rerun in a couple of minutes to get connection information.${advice}`,
    )
    return EXIT.partial
  }
}

function parseState(state = 'started'): InstanceState {
  if (state === 'started' || state === 'stopped' || state === 'destroyed') return state
  throw cliErrors.BAD_STATE({ state })
}

/** What the release declares for that type; json-in-xml when it declares nothing or cannot be read. */
async function serialisationOf(session: ClientSession, url: string, options: RequestOptions): Promise<Serialisation> {
  const type = options.type ?? 'default'
  const descriptor = fields(await session.get('descriptor', { url }).catch(() => undefined))
  const form = list(descriptor['forms']).find(
    (entry) => text(entry['softwareType']) === type && entry['shared'] === (options.slave ?? false),
  )
  return form?.['serialisation'] === 'xml' ? 'xml' : 'json-in-xml'
}

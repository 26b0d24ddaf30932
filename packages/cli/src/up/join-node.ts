import { access } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { chooseLocalNetwork, readConfig, registerNode, runFormat } from '@slapos/node'
import { fields, text } from '../client/json.ts'
import type { ClientSession } from '../client/session.ts'
import { cliErrors } from '../errors.ts'
import type { Home } from './home.ts'
import type { Say } from './progress.ts'

/** Registers this machine with a single-use token, as any other machine would, and formats it. Answers `COMP-n`. */
export async function joinNode(
  home: Home,
  session: ClientSession,
  panelUrl: string,
  cloudId: string,
  partitions: number,
  say: Say,
): Promise<string> {
  const configuration = home.nodeConfiguration
  if (!(await exists(configuration))) {
    say('registering with a token')
    const issued = fields(await session.post('tokens', { title: hostname() }))
    await registerNode({
      name: hostname(),
      mode: 'local',
      token: text(issued['token']),
      masterUrl: session.slap.url,
      masterUrlWeb: panelUrl,
      ...(session.config.ca === undefined ? {} : { ca: session.config.ca }),
      paths: localPaths(home, configuration),
      partitionNumber: partitions,
      ipv4LocalNetwork: await chooseLocalNetwork(cloudId),
      log: (_level, message) => say(message),
    })
  }
  const config = await readConfig(configuration)
  say('formatting')
  const problems: string[] = []
  const code = await runFormat(config, {
    dryRun: false,
    log: (level, message) => {
      if (level === 'error' || level === 'warning') problems.push(message)
      else say(message)
    },
  })
  if (code !== 0) throw cliErrors.FORMAT_FAILED({ reason: problems.join('; ') || `exit code ${code}`, log: home.logs })
  return config.computerId
}

function localPaths(home: Home, configuration: string) {
  const below = (path: string) => join(home.node, path)
  return {
    configuration,
    ssl: below('etc/opt/slapos/ssl'),
    softwareRoot: below('opt/slapgrid'),
    instanceRoot: below('srv/slapgrid'),
    stateDirectory: below('var'),
    runtimeDirectory: home.runtime,
    logDirectory: below('opt/slapos/log'),
    computerXml: below('opt/slapos/slapos.xml'),
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

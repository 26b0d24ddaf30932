import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { ownOrLocal } from '../up/local-home.ts'
import { clientFiles } from './config.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** `--cfg`, else `$SLAPOS_CLIENT_CONFIGURATION`, else `~/.slapos/slapos-client.cfg`, as the existing client looks. */
export function clientConfigPath(option: string | undefined, environment: Environment): string {
  const path = option ?? environment['SLAPOS_CLIENT_CONFIGURATION'] ?? '~/.slapos/slapos-client.cfg'
  return resolve(path.replace(/^~(?=\/)/, homedir()))
}

/** Where to read the configuration from: as above, and that of the cloud on this machine when nothing was named. */
export function findClientConfig(option: string | undefined, environment: Environment): string {
  const own = clientConfigPath(option, environment)
  const named = option !== undefined || environment['SLAPOS_CLIENT_CONFIGURATION'] !== undefined
  return named ? own : ownOrLocal(environment, own, (home) => clientFiles(home.client).config)
}

import { configPath, type NodeConfig, readConfig } from '../config/index.ts'
import { nodeErrors } from '../errors.ts'
import type { CommandIo, CommonOptions } from './io.ts'

/** slapos.cfg of a command, and the check that its caller may do that. */
export async function openConfig(io: CommandIo, options: CommonOptions): Promise<NodeConfig> {
  const config = await readConfig(configPath(options.cfg, io.environment))
  requireRoot(config.rootCheck)
  return config
}

export function requireRoot(check: boolean): void {
  if (check && process.getuid?.() !== 0) throw nodeErrors.NOT_ROOT()
}

/** `a,b c` as people write lists of names. */
export const nameList = (text: string | undefined): readonly string[] | undefined =>
  text === undefined ? undefined : text.split(/[,\s]+/).filter((name) => name !== '')

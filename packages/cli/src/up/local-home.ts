import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from './checkout.ts'
import { type Home, homeAt } from './home.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the cloud on this machine lives: `--home`, else `$SLAPOS_HOME`, else `var/` of the checkout. */
export function localHome(environment: Environment, option?: string): Home {
  return homeAt(option ?? environment['SLAPOS_HOME'] ?? join(checkout, 'var'))
}

/**
 * Which of two files a command reads when none was named: the machine's own, or that of the cloud on this machine; the
 * latter goes first when `$SLAPOS_HOME` names that cloud. The machine's own when there is neither.
 */
export function ownOrLocal(environment: Environment, own: string, local: (home: Home) => string): string {
  const places = [own, local(localHome(environment))]
  if (environment['SLAPOS_HOME'] !== undefined) places.reverse()
  return places.find((path) => existsSync(path)) ?? own
}

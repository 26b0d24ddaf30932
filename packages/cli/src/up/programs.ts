import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cliErrors } from '../errors.ts'

/** Programs without which a node cannot run, and the Debian packages that bring them. */
const needed: readonly (readonly [program: string, debianPackage: string])[] = [
  ['s6-svscan', 's6'],
  ['s6-supervise', 's6'],
  ['setpriv', 'util-linux'],
  ['ip', 'iproute2'],
]

/** Where Debian puts them: the PATH of a person who is not root lacks the second. */
const STANDARD = ['/usr/bin', '/usr/sbin', '/bin', '/sbin']

/** Throws PROGRAM_MISSING, naming the package to install. */
export function requirePrograms(path = process.env['PATH'] ?? '', standard: readonly string[] = STANDARD): void {
  const folders = [...path.split(':'), ...standard].filter((folder) => folder !== '')
  for (const [program, debianPackage] of needed) {
    const found = folders.some((folder) => existsSync(join(folder, program)))
    if (!found) throw cliErrors.PROGRAM_MISSING({ program, package: debianPackage })
  }
}

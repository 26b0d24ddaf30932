import { spawnSync } from 'node:child_process'

const UNSHARE = '/usr/bin/unshare'
const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--']
const known = new Map<boolean, readonly string[]>()

/**
 * Words before a command that put it into namespaces whose end is the end of everything in them. Who is not root needs
 * a user namespace for that; where the system permits none, there are no words, and only the command's session ends.
 */
export function containment(root = process.getuid?.() === 0): readonly string[] {
  const before = known.get(root)
  if (before) return before
  const words = [UNSHARE, ...(root ? [] : ['--user', '--map-current-user']), ...NAMESPACES]
  const found = root || permitted(words) ? words : []
  known.set(root, found)
  return found
}

function permitted([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, [...args, '/bin/true'], { stdio: 'ignore', timeout: 5_000 }).status === 0
}

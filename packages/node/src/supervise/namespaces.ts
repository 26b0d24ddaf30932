import { run } from './programs.ts'

/**
 * Whether a program may be put into a user namespace here. Where it may not, `namespace` of `RunAs` is the user nobody,
 * and directories that its programs write must belong to that user (uid and gid 65534).
 */
export async function userNamespacesPermitted(): Promise<boolean> {
  return (await run('unshare', ['--user', '--map-user=65534', 'true'], { accept: [0, 1] })).code === 0
}

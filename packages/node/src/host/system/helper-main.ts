/**
 * The only code that touches files below a partition's directory in system mode. Root starts it with an empty
 * environment; it has loaded all it needs when it gives up root for good, becomes the partition's user, and only then
 * looks below the directory. What the partition's user planted there (links, pipes, odd modes) can at most harm that user.
 */
import { json } from 'node:stream/consumers'
import { SlapError } from '@slapos/base'
import { applyFileOperations, emptyDirectory } from '../local-files.ts'
import { type HelperAnswer, type HelperTask, isHelperRequest } from './helper-protocol.ts'

process.stdout.write(JSON.stringify(await answer(await json(process.stdin))))

async function answer(request: unknown): Promise<HelperAnswer> {
  try {
    if (!isHelperRequest(request)) throw new Error('the request is not understood')
    become(request.uid, request.gid)
    return { result: await perform(request.root, request.task) }
  } catch (error) {
    if (error instanceof SlapError) return { error: { code: error.code, params: error.params, message: error.message } }
    return { error: { code: '', params: {}, message: error instanceof Error ? error.message : String(error) } }
  }
}

/** Never back: without the capability, none of the three ids can become root's again. */
function become(uid: number, gid: number): void {
  const { setgroups, setgid, setuid, getuid, geteuid } = process
  if (!setgroups || !setgid || !setuid || !getuid || !geteuid) throw new Error('this system has no users')
  if (uid === 0 || gid === 0) throw new Error('a partition never belongs to root')
  setgroups([])
  setgid(gid)
  setuid(uid)
  process.umask(0o027)
  let back = true
  try {
    setuid(0)
  } catch {
    back = false
  }
  if (back || getuid() !== uid || geteuid() !== uid) throw new Error('root was not given up')
}

async function perform(root: string, task: HelperTask): Promise<unknown> {
  switch (task.kind) {
    case 'files':
      return applyFileOperations(root, task.operations)
    case 'empty':
      if (task.endProcesses) endOwnProcesses()
      await emptyDirectory(root, task.keep)
      return null
  }
}

/** Every process of this user but this one: what escaped supervision would fill the directory again. */
function endOwnProcesses(): void {
  try {
    process.kill(-1, 'SIGKILL')
  } catch {
    // there is none
  }
}

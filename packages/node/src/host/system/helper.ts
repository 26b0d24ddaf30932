import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { nodeErrors } from '../../errors.ts'
import { createSlots } from '../../software/slots.ts'
import { type HelperRequest, type HelperTask, isHelperAnswer } from './helper-protocol.ts'

const DEADLINE_MS = 120_000
const MAIN = join(import.meta.dirname, `helper-main${import.meta.filename.endsWith('.ts') ? '.ts' : '.mjs'}`)

/** As whom, and where. */
export interface PartitionOwner {
  readonly uid: number
  readonly gid: number
  readonly root: string
}

/** Each is a process of its own: more at one time would only wait for each other. */
const slots = createSlots(4)

/** Compiled code that only root can write: a helper starts in half the time. */
const cache = process.env['NODE_COMPILE_CACHE']
const environment = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }

/** Does one task below a partition's directory with the rights of its user; see helper-main.ts. */
export async function asPartition(owner: PartitionOwner, task: HelperTask): Promise<unknown> {
  const release = await slots.take(new AbortController().signal)
  try {
    return await helped(owner, task)
  } finally {
    release()
  }
}

async function helped(owner: PartitionOwner, task: HelperTask): Promise<unknown> {
  const request: HelperRequest = { ...owner, task }
  // The inspector that SIGUSR1 opens would let the partition's user into the process.
  const child = spawn(process.execPath, ['--disable-sigusr1', '--disable-warning=ExperimentalWarning', MAIN], {
    cwd: '/',
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? 'none'}`))
  })
  child.stdin.on('error', () => {}) // its end says more
  child.stdin.end(JSON.stringify(request))
  try {
    const [end, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
    return read(output, owner.root, complaint.trim() === '' ? end : complaint.trim())
  } finally {
    clearTimeout(timer)
  }
}

function read(output: string, path: string, end: string): unknown {
  let answer: unknown
  try {
    answer = JSON.parse(output)
  } catch (error) {
    // Its user may have killed it: that user's loss.
    throw nodeErrors.HOST_STEP({ action: 'work below', path, reason: `the helper ended early (${end})` }, error)
  }
  if (!isHelperAnswer(answer)) throw nodeErrors.HOST_STEP({ action: 'work below', path, reason: 'no answer' })
  if ('result' in answer) return answer.result
  const { code, params, message } = answer.error
  if (code === 'UNSAFE_PATH') throw nodeErrors.UNSAFE_PATH(params)
  throw nodeErrors.HOST_STEP({ action: 'work below', path, reason: message })
}

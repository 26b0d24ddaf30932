import { chmod, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { isSlapError, messageOf } from '@slapos/base'
import { type AdminName, type AdminRequest, runAdmin } from './admin.ts'
import type { Core } from './core.ts'
import type { DataFiles } from './data-directory.ts'
import { serverErrors } from './errors.ts'

const LONGEST = 1024 * 1024
/** A Master that does not answer in this time hangs. */
const ANSWER_MS = 20_000

/**
 * Administration of a Master that runs: one JSON request and one JSON answer a connection, over a unix socket that only
 * its user may open. So a revocation reaches the connections that are open, and there is one writer. Answers the stop.
 */
export async function listenForCommands({ control }: DataFiles, core: Core): Promise<() => Promise<void>> {
  await rm(control, { force: true }) // of a Master that was killed: the directory's lock is ours
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    answer(core, socket).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(control, resolve)
  })
  await chmod(control, 0o600)
  server.unref()
  return async () => {
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await rm(control, { force: true })
  }
}

/** Asks the Master that runs. Undefined: none does. */
export async function askRunning<K extends AdminName>(
  { control }: DataFiles,
  request: AdminRequest<K>,
): Promise<{ readonly value: unknown } | undefined> {
  const socket = connect(control)
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  } catch {
    return undefined
  }
  socket.end(JSON.stringify(request))
  const timer = setTimeout(() => socket.destroy(serverErrors.MASTER_HANGS({ seconds: ANSWER_MS / 1000 })), ANSWER_MS)
  const reply: unknown = JSON.parse(await text(socket).finally(() => clearTimeout(timer)))
  if (typeof reply !== 'object' || reply === null) throw serverErrors.CONTROL_FAILED({ reason: 'no answer', next: '' })
  if ('value' in reply) return { value: reply.value }
  const { reason = '', next = '' } = reply as { reason?: string; next?: string } // written below
  throw serverErrors.CONTROL_FAILED({ reason, next })
}

async function answer(core: Core, socket: Socket): Promise<void> {
  socket.on('error', () => {})
  const request = await received(socket)
  try {
    // The other end is this same program, run by this same user.
    const value = await runAdmin(core, JSON.parse(request) as AdminRequest<AdminName>)
    socket.end(JSON.stringify({ value: value ?? null }))
  } catch (error) {
    const known = isSlapError(error)
    socket.end(JSON.stringify({ reason: known ? error.message : messageOf(error), next: known ? error.next : '' }))
  }
}

function received(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let request = ''
    socket.setEncoding('utf8').on('data', (piece: string) => {
      request += piece
      if (request.length > LONGEST) reject(new Error('a request is too long'))
    })
    socket.once('end', () => resolve(request)).once('close', () => reject(new Error('cut')))
  })
}

/** What the agent does for a command, whether it comes over the control socket or from the same process. */
import { EXIT } from '@slapos/base'
import { nodeErrors } from '../errors.ts'
import type { InstancePassResult, NodeAgent } from './agent.ts'
import type { MasterStatus } from './connection.ts'
import type { ControlRequest, Send } from './protocol.ts'

const RULE = '='.repeat(80)

/** Answers the exit code. */
export async function serve(agent: NodeAgent, request: ControlRequest, send: Send): Promise<number> {
  const info = (message: string) => send({ type: 'log', level: 'info', message })
  switch (request.command) {
    case 'software':
      return withLog(agent, 'software', send, async () => {
        info('Processing software releases...')
        const { master, results } = await agent.softwarePass(request)
        const failed = results.filter((result) => result.failed)
        for (const { message, retryInMs } of failed) {
          if (retryInMs === undefined) continue // it was tried just now, and its log was seen
          const when = `it is tried again in ${Math.ceil(retryInMs / 1000)} s; now: slapos node software --force`
          send({ type: 'log', level: 'error', message: `${message} (${when})` })
        }
        info('Finished software releases.')
        // Without the Master nothing new can be wanted; the reference ends with 1 here, and so do we.
        if (master.condition !== 'connected') return told(master, send, EXIT.failure)
        return failed.length > 0 ? EXIT.failure : EXIT.ok
      })
    case 'instance': {
      const unknown = unknownNames(request.only, await known(agent))
      if (unknown.length > 0) {
        throw nodeErrors.UNKNOWN_PARTITION({ plural: unknown.length > 1 ? 's' : '', names: unknown.join(', ') })
      }
      return withLog(agent, 'instance', send, async () => {
        info('Processing computer partitions...')
        const result = await agent.instancePass(request)
        info('Finished computer partitions.')
        for (const line of summary(result)) info(line)
        if (result.master.condition === 'unreachable') info('Processing computer partitions offline...')
        return exitCode(result, send)
      })
    }
    case 'report':
      return withLog(agent, 'instance', send, async () => {
        info('Processing usage reports...')
        const outcome = await agent.report()
        info('Finished usage reports.')
        if (agent.master.condition !== 'connected') return told(agent.master, send, EXIT.failure)
        if (outcome.kind === 'ok') return EXIT.ok
        send({ type: 'log', level: 'error', message: `the usage report is not taken: ${outcome.reason}` })
        return EXIT.failure
      })
    case 'promise': {
      let failing = 0
      const started = agent.partitionNames().filter((name) => agent.desired().partitions[name]?.state === 'started')
      for (const partition of request.only ?? started) {
        info(`Processing Promises for Computer Partition ${partition}.`)
        for (const { name, ok, message } of await agent.parts.promises.checkNow(partition)) {
          send({ type: 'text', text: `${partition} ${name}: ${ok ? 'OK' : 'FAILED'} ${message}` })
          if (!ok) failing++
        }
      }
      return failing > 0 ? EXIT.partial : EXIT.ok
    }
    case 'refresh':
      void agent.refresh()
      return EXIT.ok
    case 'status':
      send({ type: 'text', text: JSON.stringify({ pid: process.pid, since: agent.since, master: agent.master }) })
      return EXIT.ok
  }
}

async function known(agent: NodeAgent): Promise<readonly string[]> {
  if (agent.partitionNames().length === 0) await agent.refresh()
  return agent.partitionNames()
}

const unknownNames = (only: readonly string[] | undefined, names: readonly string[]) =>
  [...new Set((only ?? []).filter((name) => !names.includes(name)))].sort()

async function withLog(agent: NodeAgent, source: string, send: Send, work: () => Promise<number>): Promise<number> {
  const stop = agent.parts.logs.onLine((line) => {
    if (line.source === source) send({ type: 'log', level: line.level, message: line.message })
  })
  try {
    return await work()
  } finally {
    stop()
  }
}

/** The lines that end `node instance` when something is wrong, as people and scripts know them. Pure. */
export function summary({ failures, promises }: Pick<InstancePassResult, 'failures' | 'promises'>): readonly string[] {
  if (failures.length + promises.length === 0) return []
  const list = (title: string, items: InstancePassResult['failures']) =>
    items.length === 0 ? [] : [title, ...items.map((i) => `  ${i.partition}[${i.softwareType}]: ${i.message}`)]
  return [
    RULE,
    ...list('Error while processing the following partitions:', failures),
    ...list('Error with promises for the following partitions:', promises),
  ]
}

function exitCode({ master, failures, promises }: InstancePassResult, send: Send): number {
  if (master.condition === 'unreachable') return told(master, send, EXIT.offline)
  if (failures.length > 0) return EXIT.failure
  if (master.condition !== 'connected') return told(master, send, EXIT.failure)
  return promises.length > 0 ? EXIT.partial : EXIT.ok
}

/** Silence, refusal and failure are three different things to the reader too. */
function told({ condition, reason }: MasterStatus, send: Send, code: number): number {
  send({ type: 'log', level: 'error', message: `the Master is ${condition}: ${reason}` })
  return code
}

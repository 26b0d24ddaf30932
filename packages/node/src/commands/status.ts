/** `slapos node`, `node status|start|stop|restart|tail`: they always answer, with or without an agent. */
import { EXIT } from '@slapos/base'
import { openOwnSupervisor, openSupervisor } from '../agent/compose.ts'
import { askAgent } from '../agent/control-client.ts'
import type { NodeConfig } from '../config/config.ts'
import { formatStatus, type StatusLine } from '../supervise/index.ts'
import type { ServiceStatus } from '../supervise/supervisor.ts'
import type { CommandIo, CommonOptions } from './io.ts'
import { AGENT_SERVICE } from './keep.ts'
import { openConfig } from './setting.ts'

export interface StatusCommandOptions extends CommonOptions {
  readonly json?: boolean
}

export async function statusCommand(
  io: CommandIo,
  options: StatusCommandOptions,
  names: readonly string[] = [],
): Promise<number> {
  const config = await openConfig(io, options)
  const supervisor = openSupervisor(config)
  const services = supervisor.status()
  const kept = services.find(isAgent)
  const all: readonly StatusLine[] = [...services.filter((line) => !isAgent(line)), await watchdog(config, kept)]
  const selected = names.length === 0 ? all : all.filter((line) => names.some((name) => selects(name, line)))
  if (options.json) io.out(`${JSON.stringify(selected, null, 2)}\n`)
  else for (const line of formatStatus(selected, Date.now())) io.out(`${line}\n`)
  const unknown = names.filter((name) => !all.some((line) => selects(name, line)))
  for (const name of unknown) io.out(`${name}: ERROR (no such ${name.endsWith(':') ? 'group' : 'process'})\n`)
  if (unknown.length > 0) return EXIT.unknown
  // A one-shot that ended well has done what it was for: it is not a process that should run.
  const down = selected.some((line) => line.state !== 'RUNNING' && line.state !== 'STARTING' && !isDone(line))
  return down ? EXIT.notRunning : EXIT.ok
}

const isDone = (line: StatusLine & Partial<ServiceStatus>) => line.kind === 'one-shot' && line.exitCode === 0

function selects(name: string, line: StatusLine): boolean {
  if (name === 'all' || name === line.title) return true
  if (/:\*?$/.test(name)) return line.title.startsWith(`${name.replace(/\*$/, '')}`)
  return line.partition !== undefined && name === `${line.partition}:${line.name}`
}

const isAgent = ({ partition, name }: ServiceStatus) => partition === '' && name === AGENT_SERVICE

/** The agent's own line, under the name that people look for; `kept`: what the supervisor knows of it, where it keeps it. */
async function watchdog(config: NodeConfig, kept: ServiceStatus | undefined): Promise<StatusLine> {
  let answer: string | undefined
  await askAgent(config.paths.state, { command: 'status' }, (message) => {
    if (message.type === 'text') answer = message.text
  }).catch(() => undefined)
  if (answer === undefined)
    return kept && kept.state !== 'RUNNING' ? kept : { title: AGENT_SERVICE, state: 'STOPPED', since: 0 }
  const { pid, since }: { pid: number; since: number } = JSON.parse(answer)
  return { title: AGENT_SERVICE, state: 'RUNNING', pid, since }
}

export async function controlCommand(
  io: CommandIo,
  options: CommonOptions,
  action: 'start' | 'stop' | 'restart',
  names: readonly string[],
): Promise<number> {
  const config = await openConfig(io, options)
  const supervisor = await openOwnSupervisor(config)
  try {
    let missing = false
    for (const name of names.length === 0 ? ['all'] : names) {
      for (const { title, message } of await supervisor.control(action, name)) {
        io.out(`${title}: ${message}\n`)
        missing ||= /no such|lost/.test(message)
      }
    }
    return missing ? EXIT.failure : EXIT.ok
  } finally {
    await supervisor.close()
  }
}

export interface TailCommandOptions extends CommonOptions {
  readonly follow?: boolean
  readonly bytes?: number
}

export async function tailCommand(
  io: CommandIo,
  options: TailCommandOptions,
  name: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const config = await openConfig(io, options)
  const supervisor = openSupervisor(config)
  io.out(await supervisor.tail(name, options.bytes === undefined ? {} : { bytes: options.bytes }))
  if (options.follow) for await (const text of supervisor.follow(name, signal)) io.out(text)
  return EXIT.ok
}

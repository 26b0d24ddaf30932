/** A node in a lab host, as a person at its terminal sees it. */
import assert from 'node:assert/strict'
import type { Host } from '../src/net/index.ts'
import type { LabMaster } from './lab-master.ts'

/** A host, or what was booted in it. */
export type Machine = Pick<Host, 'exec' | 'run'>

/** Every path that a program could have made. */
export async function filesOf(machine: Machine): Promise<ReadonlySet<string>> {
  const kernel = ['/proc', '/sys', '/dev'].flatMap((path) => ['-path', path, '-prune', '-o'])
  return new Set((await machine.run(['find', '/', ...kernel, '-print'])).split('\n'))
}

export const computerOf = async (machine: Machine) =>
  /^computer_id = (\S+)$/m.exec(await machine.run(['cat', '/etc/opt/slapos/slapos.cfg']))?.[1] ?? ''

/** Service name to process number, as `slapos node` says, whether the agent runs or not (then it ends with 3). */
export async function servicesOf(machine: Machine): Promise<Readonly<Record<string, string>>> {
  const lines = (await machine.exec(['slapos', 'node'])).stdout.split('\n')
  const running = lines
    .map((line) => /^(slappart\S+)\s+RUNNING\s+pid (\d+)/.exec(line))
    .filter((match) => match !== null)
  return Object.fromEntries(running.map(([, name = '', pid = '']) => [name, pid]))
}

/** Process number of the agent, as `slapos node` says; empty when it does not answer. */
export async function agentOf(machine: Machine): Promise<string> {
  return /^watchdog +RUNNING +pid (\d+)/m.exec((await machine.exec(['slapos', 'node'])).stdout)?.[1] ?? ''
}

export const urlOf = (answer: unknown): string | undefined =>
  /"url\\*":\s*\\*"(http[^"\\]*)/.exec(JSON.stringify(answer))?.[1]

/** Waits until a service of that title answers on its machine. */
export async function answering(master: LabMaster, title: string, machine: Machine): Promise<void> {
  const url = urlOf(await master.until(`root ${title}`, (answer) => urlOf(answer) !== undefined, 90_000)) ?? ''
  assert.match(await fetched(machine, url), /hello from the lab/)
}

export const fetched = (machine: Machine, url: string) =>
  machine.run(['wget', '-q', '-O', '-', '--tries=30', '--retry-connrefused', '--waitretry=1', url])

/** Asks for a service on a computer, until it has its place there. */
export const wish = (master: LabMaster, title: string, computer: string) =>
  master.until(`request ${title} ${computer}`, (answer) => JSON.stringify(answer).includes('"allocated"'))

/** The counters of the installer's last line. */
export const recap = (output: string) => /\n127\.0\.0\.1 +: (ok=.*)\n$/.exec(output)?.[1]?.replace(/ +/g, ' ')

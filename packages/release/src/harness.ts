/**
 * For the tests of release authors: an instance without a Master and without a node. Its plan is computed in the same
 * sandbox, and applied in a simple way to a temporary partition: files, one-shots, services, a controller's socket.
 * There is no supervision: what ends stays ended.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createAgentEnd } from './harness-controller.ts'
import { type HarnessProcess, runToEnd, startProcess } from './harness-process.ts'
import type { InstanceInput, InstancePlan } from './plan.ts'
import { runInstance } from './run-instance.ts'

export interface HarnessOptions {
  /** Directory of the release, built or not (without its build, services that need it do not start). */
  readonly release: string
  readonly softwareType?: string
  /** Default 127.0.0.1. */
  readonly ipv4?: string
  readonly node?: string
}

export interface Harness {
  readonly partition: string
  /** Computes the plan of these parameters, changing nothing. */
  plan(parameters: unknown, facts?: Partial<InstanceInput>): Promise<InstancePlan>
  /** Computes and applies it: what was running stops, then one-shots and services run. */
  apply(parameters: unknown, facts?: Partial<InstanceInput>): Promise<InstancePlan>
  /** Runs the command of a `command` promise; throws with its output when it fails. */
  check(plan: InstancePlan, promise: string): Promise<string>
  service(name: string): HarnessProcess
  /** The agent's end of the controller's socket. */
  readonly slaves: ReturnType<typeof createAgentEnd>
  /** Stops the services and removes the partition. */
  close(): Promise<void>
}

export async function createHarness(options: HarnessOptions): Promise<Harness> {
  const { softwareType = 'default', ipv4 = '127.0.0.1', node = process.execPath } = options
  const release = await realpath(options.release)
  const partition = await realpath(await mkdtemp(join(tmpdir(), 'slapos-harness-')))
  const services = new Map<string, HarnessProcess>()
  const slaves = createAgentEnd(join(partition, 'controller.sock'))
  const seed = randomBytes(32).toString('hex')

  async function plan(parameters: unknown, facts: Partial<InstanceInput> = {}): Promise<InstancePlan> {
    const input: InstanceInput = {
      format: 1,
      title: 'instance',
      rootTitle: 'instance',
      guid: 'SOFTINST-1',
      computer: 'COMP-0',
      partition: 'slappart0',
      softwareType,
      state: 'started',
      parameters,
      ipv4,
      ipv6: null,
      paths: { partition, release, node },
      slaves: [],
      children: {},
      seed,
      ...facts,
    }
    return await runInstance({ releaseDirectory: release, input, node })
  }

  async function stop(): Promise<void> {
    await Promise.all([...services.values()].map((service) => service.stop()))
    services.clear()
  }

  return {
    partition,
    plan,
    slaves,
    async apply(parameters, facts) {
      const wanted = await plan(parameters, facts)
      await stop()
      for (const { path, mode = 0o750 } of wanted.directories) {
        await mkdir(join(partition, path), { recursive: true })
        await chmod(join(partition, path), mode)
      }
      for (const { path, content, mode = 0o640 } of wanted.files) {
        const file = join(partition, path)
        await mkdir(dirname(file), { recursive: true })
        await rm(file, { force: true })
        await writeFile(file, content, { mode })
        await chmod(file, mode)
      }
      for (const { name, command, environment = {}, timeout = 300 } of wanted.oneShots) {
        await runToEnd(`one-shot ${name}`, { command, environment, partition, timeoutMs: timeout * 1000 })
      }
      if (wanted.controller) await slaves.listen()
      for (const service of wanted.services) {
        const controls = wanted.controller?.service === service.name
        const environment = { ...service.environment, ...(controls ? { SLAPOS_CONTROLLER_SOCKET: slaves.path } : {}) }
        services.set(service.name, startProcess({ ...service, environment, partition }))
      }
      return wanted
    },
    async check(of, name) {
      const promise = of.promises.find((one) => one.name === name)
      if (promise?.kind !== 'command') throw new Error(`the plan has no command promise named ${name}`)
      const { command, timeout = 20 } = promise
      return await runToEnd(`promise ${name}`, { command, environment: {}, partition, timeoutMs: timeout * 1000 })
    },
    service(name) {
      const service = services.get(name)
      if (!service) throw new Error(`no service named ${name} was started`)
      return service
    },
    async close() {
      await stop()
      await slaves.close()
      await rm(partition, { recursive: true, force: true })
    },
  }
}

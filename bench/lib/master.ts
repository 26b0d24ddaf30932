import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Action {
  readonly id: number
  readonly name: 'person' | 'computer' | 'busyComputer' | 'slaves' | 'slaveDeltas' | 'visitor' | 'services' | 'cpu'
  readonly count: number
}

export type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string }

/** Somebody who may speak to the Master, as whom. */
export interface Peer {
  readonly subject: string
  readonly url: string
  readonly release: string
  readonly key: string
  readonly cert: string
  readonly ca: string
}

/** Somebody who asks the panel API. */
export interface Visitor {
  readonly url: string
  readonly token: string
  readonly release: string
}

/** An empty Master in a process of its own, see `master-process.ts`. */
export interface BenchMaster extends AsyncDisposable {
  person(): Promise<Peer>
  /** A node of free partitions on which helloworld is supplied; of busy ones. */
  computer(partitions: number): Promise<Peer>
  busyComputer(partitions: number): Promise<Peer>
  /** Requests that many more slaves of one host, some at once. */
  slaves(count: number): Promise<{ readonly count: number }>
  /** Each time: one more slave, and the host's node asks what is new. */
  slaveDeltas(count: number): Promise<{ readonly count: number }>
  visitor(): Promise<Visitor>
  /** So many more services, on nodes of 100 partitions; one in ten is red, one in ten waits for its release. */
  services(count: number): Promise<void>
  /** CPU of the Master per unit of work, microseconds. */
  cpuPer<T extends { readonly count: number }>(work: () => Promise<T>): Promise<T & { readonly cpu: number }>
}

export async function startBenchMaster(): Promise<BenchMaster> {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-bench-master-'))
  const child = fork(join(import.meta.dirname, 'master-process.ts'), [directory], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const started = Promise.withResolvers<unknown>()
  waiting.set(0, started)
  child.on('message', (reply: Reply) => {
    const waiter = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) waiter?.reject(new Error(reply.error))
    else waiter?.resolve(reply.value)
  })
  child.on('exit', (code) => {
    for (const waiter of waiting.values()) waiter.reject(new Error(`the Master ended with ${code}`))
  })
  try {
    await started.promise
  } catch (error) {
    await rm(directory, { recursive: true })
    throw error
  }
  let last = 0
  const ask = (name: Action['name'], count = 0): Promise<unknown> => {
    const answer = Promise.withResolvers<unknown>()
    const id = ++last
    waiting.set(id, answer)
    child.send({ id, name, count } satisfies Action)
    return answer.promise
  }
  const peer = async (name: Action['name'], count = 0) => readPeer(await ask(name, count))
  return {
    person: () => peer('person'),
    computer: (partitions) => peer('computer', partitions),
    busyComputer: (partitions) => peer('busyComputer', partitions),
    async slaves(count) {
      await ask('slaves', count)
      return { count }
    },
    async slaveDeltas(count) {
      await ask('slaveDeltas', count)
      return { count }
    },
    async visitor() {
      const record: Readonly<Record<string, unknown>> = Object(await ask('visitor'))
      const text = (key: keyof Visitor) => String(record[key])
      return { url: text('url'), token: text('token'), release: text('release') }
    },
    async services(count) {
      await ask('services', count)
    },
    async cpuPer(work) {
      const before = Number(await ask('cpu'))
      const done = await work()
      return { ...done, cpu: (Number(await ask('cpu')) - before) / done.count }
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) {
        const ended = once(child, 'exit')
        child.disconnect()
        await ended
      }
      await rm(directory, { recursive: true })
    },
  }
}

function readPeer(value: unknown): Peer {
  const record: Readonly<Record<string, unknown>> = { ...(typeof value === 'object' ? value : {}) }
  const text = (key: keyof Peer) => String(record[key] ?? '')
  return {
    subject: text('subject'),
    url: text('url'),
    release: text('release'),
    key: text('key'),
    cert: text('cert'),
    ca: text('ca'),
  }
}

import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Mutex } from '@slapos/base'
import type { Host } from '../src/net/index.ts'

/** A Master in a lab host, see `serve-master.ts`. */
export interface LabMaster {
  /** One action in words, its answer. */
  ask(words: string): Promise<unknown>
  /** As `ask`, until the answer satisfies. Fails after the deadline, with the last answer. */
  until(words: string, satisfies: (answer: unknown) => boolean, timeoutMs?: number): Promise<unknown>
}

export async function startLabMaster(host: Host, bundle: string): Promise<LabMaster> {
  const script = join(import.meta.dirname, 'serve-master.ts')
  await host.run(['mkdir', '-p', '/run/master'])
  const { child } = host.spawn([
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    script,
    '/run/master',
    bundle,
    host.ipv4,
  ])
  let said = ''
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString()
  })
  if (!child.stdout) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the Master ended: ${said}`)))
  ended.catch(() => {}) // also when nobody asks any more
  const next = async (): Promise<unknown> => {
    const [line] = await Promise.race([once(lines, 'line'), ended])
    return JSON.parse(String(line))
  }
  await next()
  const turn = new Mutex()
  const ask = (words: string): Promise<unknown> =>
    turn.run(async () => {
      const answer = next()
      child.stdin?.write(`${words}\n`)
      const result = await answer
      if (typeof result !== 'object' || result === null || 'error' in result) {
        throw new Error(`${words}: ${JSON.stringify(result)}`)
      }
      return 'value' in result ? result.value : undefined
    })
  return {
    ask,
    async until(words, satisfies, timeoutMs = 90_000) {
      const end = performance.now() + timeoutMs
      for (;;) {
        const answer = await ask(words)
        if (satisfies(answer)) return answer
        if (performance.now() > end) throw new Error(`${words} stays ${JSON.stringify(answer)}`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
  }
}

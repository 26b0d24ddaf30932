/** Usage reports that the Master has not taken yet. They outlive the agent, and a Master that is away. */
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@slapos/base'
import type { Outcome } from '../../link/outcome.ts'

/** When a Master takes none for so long, the oldest go. */
const MOST = 100

export class Outbox {
  readonly #directory: string
  /** Undefined: not looked yet. */
  #empty: boolean | undefined

  constructor(directory: string) {
    this.#directory = directory
  }

  /** `name` orders them. Answers the names of those that had to go for it. */
  async add(name: string, document: string): Promise<readonly string[]> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    await writeFileAtomic(join(this.#directory, `${name}.xml`), document, { mode: 0o600 })
    this.#empty = false
    const names = await this.#names()
    const gone = names.slice(0, Math.max(0, names.length - MOST))
    for (const old of gone) await unlink(join(this.#directory, old))
    return gone
  }

  /** Sends them in their order; answers how the first one fared that was not taken. One that is wrong delays no other. */
  async send(send: (document: string) => Promise<Outcome<void>>): Promise<Outcome<void>> {
    if (this.#empty) return { kind: 'ok', value: undefined }
    let trouble: Outcome<void> | undefined
    for (const name of await this.#names()) {
      const path = join(this.#directory, name)
      const outcome = await send(await readFile(path, 'utf8'))
      if (outcome.kind === 'ok') await unlink(path)
      else trouble ??= outcome
      if (outcome.kind === 'unreachable' || outcome.kind === 'refused') return outcome
    }
    this.#empty = trouble === undefined
    return trouble ?? { kind: 'ok', value: undefined }
  }

  async #names(): Promise<readonly string[]> {
    const names = await readdir(this.#directory).catch(() => [])
    return names.filter((name) => name.endsWith('.xml')).sort()
  }
}

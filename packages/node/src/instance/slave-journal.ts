/**
 * The slaves of one instance on disk, as a journal of JSON lines: `{"format":1,...}` first, then one change a line. A
 * change appends its own lines only, so that it costs the same beside ten slaves and beside ten thousand; the file is
 * rewritten when half of it is history.
 */
import { appendFile, mkdir, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '@slapos/base'
import type { Position, SlaveDelta, SlaveDocument } from '@slapos/slap'

export interface SlaveSnapshot {
  readonly position: Position
  readonly slaves: readonly SlaveDocument[]
}

type Line =
  | { readonly changed: SlaveDocument }
  | { readonly removed: string }
  /** Ends each delta: what stands before it counts only when it is there. */
  | { readonly position: Position }

export class SlaveJournal {
  readonly #path: string
  #position: Position | undefined
  /** Lines appended since the last rewrite, and how many are borne. */
  #lines = 0
  #limit = 1000
  #loaded = false

  constructor(path: string) {
    this.#path = path
  }

  /** Where the next delta continues; undefined: everything is wanted. */
  async position(): Promise<Position | undefined> {
    if (!this.#loaded) await this.snapshot()
    return this.#position
  }

  async snapshot(): Promise<SlaveSnapshot | undefined> {
    const text = await readFile(this.#path, 'utf8').catch(() => '')
    const { snapshot, lines } = fold(text)
    this.#loaded = true
    this.#position = snapshot?.position
    this.#lines = lines
    return snapshot
  }

  async apply(delta: SlaveDelta): Promise<void> {
    if (!this.#loaded) await this.snapshot()
    if (delta.full || this.#position === undefined) return this.#rewrite(delta.position, delta.changed)
    const lines: Line[] = [
      ...delta.changed.map((changed) => ({ changed })),
      ...delta.removed.map((removed) => ({ removed })),
      { position: delta.position },
    ]
    await appendFile(this.#path, toText(lines))
    this.#position = delta.position
    this.#lines += lines.length
    if (this.#lines > this.#limit) await this.#compact()
  }

  async remove(): Promise<void> {
    this.#position = undefined
    await unlink(this.#path).catch(() => {})
  }

  async #compact(): Promise<void> {
    const snapshot = await this.snapshot()
    if (snapshot) await this.#rewrite(snapshot.position, snapshot.slaves)
  }

  async #rewrite(position: Position, slaves: readonly SlaveDocument[]): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const lines: Line[] = [...slaves.map((changed) => ({ changed })), { position }]
    await writeFileAtomic(this.#path, `{"format":1}\n${toText(lines)}`, { mode: 0o600 })
    this.#position = position
    this.#lines = 0
    this.#limit = 1000 + slaves.length
    this.#loaded = true
  }
}

const toText = (lines: readonly Line[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** A line cut by a power loss, and a delta without its end, do not count. Pure. */
function fold(text: string): { snapshot: SlaveSnapshot | undefined; lines: number } {
  const slaves = new Map<string, SlaveDocument>()
  let pending: Line[] = []
  let position: Position | undefined
  let lines = 0
  for (const raw of text.split('\n').slice(1)) {
    if (raw === '') continue
    const line = parseLine(raw)
    if (!line) break
    lines++
    if (!('position' in line)) {
      pending.push(line)
      continue
    }
    for (const change of pending) {
      if ('changed' in change) slaves.set(change.changed.reference, change.changed)
      else if ('removed' in change) slaves.delete(change.removed)
    }
    pending = []
    position = line.position
  }
  if (position === undefined) return { snapshot: undefined, lines: 0 }
  const sorted = [...slaves.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1))
  return { snapshot: { position, slaves: sorted }, lines }
}

function parseLine(raw: string): Line | undefined {
  try {
    const value: Line = JSON.parse(raw)
    return value
  } catch {
    return undefined
  }
}

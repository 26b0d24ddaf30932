import type { Io } from './io.ts'
import { buildProgram } from './program.ts'
import { run } from './run.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** An `Io` that keeps what it is told. Not a terminal, 80 columns, unless told otherwise. */
export function recorder(more: Partial<Io> = {}) {
  const said = { out: '', err: '' }
  const io: Io = {
    out(text) {
      said.out += text
    },
    err(text) {
      said.err += text
    },
    terminal: false,
    columns: 80,
    environment: {},
    ...more,
  }
  return { io, said }
}

/** Runs the `slapos` command within this process. */
export async function runSlapos(words: readonly string[], more: Partial<Io> = {}): Promise<Said> {
  const { io, said } = recorder(more)
  let ended = 0
  const code = await run(io, words, async (argv) => {
    await buildProgram(io, (value) => {
      ended = value
    }).parseAsync(argv, { from: 'user' })
    return ended
  })
  return { code, ...said }
}

import { type Clock, systemClock } from '@slapos/base'
import type { Io } from '../io.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Says what happens now, within a step. */
export type Say = (detail: string) => void

/**
 * Live progress: on a terminal one moving line a step, elsewhere one plain line when a step ends (and one when it
 * starts to wait for something new, so that a log shows where time goes).
 */
export class Progress {
  readonly #io: Io
  readonly #clock: Clock

  constructor(io: Io, clock: Clock = systemClock) {
    this.#io = io
    this.#clock = clock
  }

  /** Runs one step and shows it. `done` makes the text that stays; default the last detail. */
  async step<T>(title: string, work: (say: Say) => Promise<T>, done?: (result: T) => string): Promise<T> {
    const started = this.#clock.monotonic()
    const elapsed = () => (this.#clock.monotonic() - started) / 1000
    const line = this.#io.terminal ? this.#movingLine(title, elapsed) : this.#plainLine(title, elapsed)
    try {
      const result = await work(line.say)
      line.end('✓', done?.(result))
      return result
    } catch (error) {
      line.end('✗', undefined)
      throw error
    }
  }

  #movingLine(title: string, elapsed: () => number): Line {
    let detail = ''
    let frame = 0
    const draw = () => {
      const time = elapsed() >= 1 ? ` ${elapsed().toFixed(0)} s` : ''
      const text = `  ${frames[frame++ % frames.length]} ${title.padEnd(12)} ${detail}${time}`
      this.#io.err(`\r\x1b[2K${clip(text, this.#io.columns - 1)}`)
    }
    const timer = setInterval(draw, 100)
    draw()
    return {
      say: (text) => {
        detail = text
      },
      end: (mark, text) => {
        clearInterval(timer)
        this.#io.err(`\r\x1b[2K  ${mark} ${title.padEnd(12)} ${text ?? detail}${seconds(elapsed())}\n`)
      },
    }
  }

  #plainLine(title: string, elapsed: () => number): Line {
    let detail = ''
    return {
      say: (text) => {
        if (text !== detail && elapsed() > 2) this.#io.err(`  … ${title.padEnd(12)} ${text}${seconds(elapsed())}\n`)
        detail = text
      },
      end: (mark, text) => this.#io.err(`  ${mark} ${title.padEnd(12)} ${text ?? detail}${seconds(elapsed())}\n`),
    }
  }
}

interface Line {
  readonly say: Say
  readonly end: (mark: string, text: string | undefined) => void
}

function seconds(value: number): string {
  return value < 0.05 ? '' : `  (${value.toFixed(1)} s)`
}

function clip(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`
}

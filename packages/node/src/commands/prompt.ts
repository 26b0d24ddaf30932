import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { CommandIo } from './io.ts'

export interface Prompt {
  /** The line that answers, without surrounding blanks; undefined when the input has ended. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string | undefined>
  close(): void
}

/** Asks on the terminal, or reads line by line from a pipe. What is `hidden` is not shown while it is typed. */
export function openPrompt(io: CommandIo, input: NodeJS.ReadableStream = process.stdin): Prompt {
  let silent = false
  const echo = new Writable({
    write(data: Buffer, _encoding, done) {
      if (!silent) io.out(data.toString())
      done()
    },
  })
  const terminal = 'isTTY' in input && input.isTTY === true
  const reader = createInterface({ input, output: echo, terminal })
  const lines = reader[Symbol.asyncIterator]()
  return {
    async ask(question, { hidden = false } = {}) {
      io.out(question)
      // Editing the line must not erase the question.
      reader.setPrompt(question)
      silent = hidden
      const { done, value } = await lines.next()
      if (hidden || done === true) io.out('\n')
      silent = false
      return done === true ? undefined : value.trim()
    },
    close: () => reader.close(),
  }
}

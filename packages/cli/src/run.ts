import { EXIT, isSlapError, messageOf } from '@slapos/base'
import { CommanderError } from 'commander'
import type { Io } from './io.ts'

/** Runs a command line and answers its exit code. Errors become one line; the stack only with `--verbose`. */
export async function run(
  io: Io,
  argv: readonly string[],
  parse: (argv: readonly string[]) => Promise<number>,
): Promise<number> {
  try {
    return await parse(argv)
  } catch (error) {
    // Help and version were asked for, and printed.
    if (error instanceof CommanderError) return EXIT.ok
    io.err(`slapos: ${oneLine(messageOf(error))}\n`)
    if (wantsStack(argv) && error instanceof Error) io.err(`${stackOf(error)}\n`)
    return isSlapError(error) ? error.exit : EXIT.failure
  }
}

function wantsStack(argv: readonly string[]): boolean {
  return argv.some((word) => word === '--verbose' || word === '--debug' || /^-v+$/.test(word))
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return (error.stack ?? error.message) + cause
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' | ')
}

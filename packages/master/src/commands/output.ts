import { EXIT, isSlapError, messageOf } from '@slapos/base'

/** Where a command writes, one line at a time. */
export interface Output {
  out(line: string): void
  err(line: string): void
}

/** Runs a command's work; what it throws becomes one line and an exit code. */
export async function finish(output: Output, work: () => Promise<number | undefined>): Promise<number> {
  try {
    return (await work()) ?? EXIT.ok
  } catch (error) {
    output.err(`slapos: ${messageOf(error)}`)
    return isSlapError(error) ? error.exit : EXIT.failure
  }
}

/** Columns of text, as wide as they need to be. */
export function table(output: Output, header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  for (const row of [header, ...rows]) {
    output.out(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}

export const dateText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 16)

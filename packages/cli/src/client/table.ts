/**
 * Columns as wide as their longest cell, two spaces apart, headers in capitals. With `columns` (of a terminal) the last
 * cell of a line is cut at its beginning to fit: the end of a URL tells more. Elsewhere nothing is ever cut.
 */
export function formatTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  columns = Number.POSITIVE_INFINITY,
): string {
  const widths = headers.map((header, at) => Math.max(header.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0)
  const room = Math.max(columns - before, SHORTEST)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (at === headers.length - 1 ? cut(cell, room) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${[line(headers.map((header) => header.toUpperCase())), ...rows.map(line)].join('\n')}\n`
}

/** Below that, a cut cell says nothing: the terminal may wrap it. */
const SHORTEST = 20

const cut = (cell: string, room: number): string => (cell.length <= room ? cell : `…${cell.slice(1 - room)}`)

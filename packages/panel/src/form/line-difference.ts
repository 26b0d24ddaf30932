export interface DifferenceLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly line: string
}

/** Longest common subsequence of lines; parameters are short, so the plain table is enough. */
export function lineDifference(before: readonly string[], after: readonly string[]): DifferenceLine[] {
  const rows = before.length + 1
  const columns = after.length + 1
  const common = new Uint32Array(rows * columns)
  const at = (row: number, column: number) => common[row * columns + column] ?? 0
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      common[row * columns + column] =
        before[row] === after[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const lines: DifferenceLine[] = []
  let [row, column] = [0, 0]
  while (row < before.length || column < after.length) {
    const [old, next] = [before[row], after[column]]
    if (old !== undefined && old === next) {
      lines.push({ kind: 'same', line: old })
      row++
      column++
    } else if (old !== undefined && (next === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: 'removed', line: old })
      row++
    } else if (next !== undefined) {
      lines.push({ kind: 'added', line: next })
      column++
    }
  }
  return lines
}

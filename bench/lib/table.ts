export interface Row {
  readonly what: string
  readonly ours: number
  readonly unit: string
  /** The peer's figure in the same unit, with where it comes from; absent when there is none. */
  readonly peer?: { readonly name: string; readonly value: number }
  /** True: more is better. */
  readonly more?: boolean
  readonly note?: string
}

/** A Markdown table: figure, peer's figure, and how many times better (a ratio counts, not a time). */
export function formatRows(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const peer = row.peer ? `${number(row.peer.value)} ${row.unit} (${row.peer.name})` : ''
    return `| ${row.what} | ${number(row.ours)} ${row.unit} | ${peer} | ${ratio(row)} | ${row.note ?? ''} |`
  })
  return ['| What | Ours | Peer | Ratio | |', '|---|---|---|---|---|', ...lines].join('\n')
}

function ratio({ ours, peer, more }: Row): string {
  if (!peer || ours === 0 || peer.value === 0) return ''
  const better = more ? ours / peer.value : peer.value / ours
  return `${better >= 10 ? better.toFixed(0) : better.toFixed(1)}x`
}

export function number(value: number): string {
  if (value === 0) return '0'
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return value.toFixed(digits)
}

/**
 * Values as slapos.core's client prints them (Python's `pprint`, 80 columns): people and scripts read that form.
 */
export function pythonFormat(value: unknown, width = 80, indent = 0): string {
  const line = pythonRepr(value)
  if (line.length <= width - indent || typeof value !== 'object' || value === null) return line
  const inner = indent + 1
  const separator = `,\n${' '.repeat(inner)}`
  if (Array.isArray(value)) return `[${value.map((item) => pythonFormat(item, width, inner)).join(separator)}]`
  const rows = sortedEntries(value).map(([key, item]) => {
    const head = `${quote(key)}: `
    return head + pythonFormat(item, width, inner + head.length)
  })
  return `{${rows.join(separator)}}`
}

/** Python's `repr` of JSON-like data, dictionaries sorted by key. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  return `{${sortedEntries(value)
    .map(([key, item]) => `${quote(key)}: ${pythonRepr(item)}`)
    .join(', ')}}`
}

function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(mark, `\\${mark}`)
  return mark + escaped + mark
}

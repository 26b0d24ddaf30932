/**
 * INI as Python's ConfigParser reads it, because slapos.cfg is such a file: case-insensitive keys, `=` or `:`, comments
 * on lines of their own (`#`, `;`), values continued on indented lines, `[DEFAULT]`, `%(name)s` and `%%`.
 */
import { nodeErrors } from '../errors.ts'

export type IniSections = Readonly<Record<string, Readonly<Record<string, string>>>>

interface Draft {
  readonly lines: string[]
}

const MAX_DEPTH = 10

export function parseIni(text: string, path: string): IniSections {
  const sections = new Map<string, Map<string, Draft>>()
  let section: Map<string, Draft> | undefined
  let name = ''
  let current: Draft | undefined
  let indent = 0
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const fail = (reason: string) => nodeErrors.CONFIG_SYNTAX({ path, line: index + 1, reason })
    const trimmed = raw.trim()
    const depth = raw.length - raw.trimStart().length
    if (trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    if (trimmed === '') {
      current?.lines.push('')
      continue
    }
    if (current && depth > indent) {
      current.lines.push(trimmed)
      continue
    }
    const header = /^\[([^\]]+)\]/.exec(trimmed)
    if (header) {
      name = header[1] ?? ''
      if (name !== 'DEFAULT' && sections.has(name)) throw fail(`section [${name}] is there twice`)
      section = sections.get(name) ?? new Map()
      sections.set(name, section)
      current = undefined
      continue
    }
    if (!section) throw fail('there is no section before it')
    const match = /^(.*?)\s*[=:]\s*(.*)$/.exec(trimmed)
    const key = match?.[1]?.toLowerCase() ?? ''
    if (key === '') throw fail('it is neither a section nor "option = value"')
    if (section.has(key)) throw fail(`option ${key} of [${name}] is there twice`)
    current = { lines: [match?.[2] ?? ''] }
    indent = depth
    section.set(key, current)
  }
  return interpolateAll(sections, path)
}

function interpolateAll(sections: ReadonlyMap<string, ReadonlyMap<string, Draft>>, path: string): IniSections {
  const plain = (drafts: ReadonlyMap<string, Draft> | undefined) =>
    new Map([...(drafts ?? [])].map(([key, { lines }]) => [key, lines.join('\n').trimEnd()] as const))
  const defaults = plain(sections.get('DEFAULT'))
  const result: Record<string, Record<string, string>> = {}
  for (const [name, drafts] of sections) {
    if (name === 'DEFAULT') continue
    const values = new Map([...defaults, ...plain(drafts)])
    const resolve = (key: string, value: string, depth: number): string =>
      value.replace(/%(%|\(([^)]*)\)s|)/g, (whole, kind: string, other: string | undefined) => {
        const bad = (expected: string) =>
          nodeErrors.CONFIG_VALUE({ path, option: key, section: name, value: values.get(key) ?? '', expected })
        if (kind === '%') return '%'
        const found = other === undefined ? undefined : values.get(other.toLowerCase())
        if (other === undefined) throw bad(`correct ("${whole}" must be written "%%")`)
        if (found === undefined) throw bad(`possible (there is no option ${other})`)
        if (depth >= MAX_DEPTH) throw bad('possible (it refers to itself)')
        return resolve(key, found, depth + 1)
      })
    result[name] = Object.fromEntries([...values].map(([key, value]) => [key, resolve(key, value, 0)]))
  }
  return result
}

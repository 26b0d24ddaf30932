/**
 * The few search texts that clients send, e.g. `portal_type:"Instance Tree" AND validation_state:validated AND
 * title:="x"`: conditions joined by AND, each `name:value`, `name:="value"` or `name:("a", "b")`.
 */
export type Conditions = ReadonlyMap<string, readonly string[]>

const CONDITION = /\s*([\w.]+)\s*:\s*=?\s*(?:\(([^()]*)\)|"((?:[^"\\]|\\.)*)"|([^\s"()]+))\s*/y
const QUOTED = /"((?:[^"\\]|\\.)*)"/g

/** Undefined when the text is not of this form. */
export function parseQuery(text: string): Conditions | undefined {
  const found = new Map<string, readonly string[]>()
  for (let at = 0; at < text.length; ) {
    CONDITION.lastIndex = at
    const match = CONDITION.exec(text)
    if (!match?.[1]) return undefined
    const [, name, list, quoted, word] = match
    found.set(name, list === undefined ? [unescaped(quoted ?? word ?? '')] : quotedIn(list))
    at = CONDITION.lastIndex
    if (at === text.length) return found
    if (!/^AND\b/i.test(text.slice(at))) return undefined
    at += 3
  }
  return found
}

const quotedIn = (list: string) => [...list.matchAll(QUOTED)].map((match) => unescaped(match[1] ?? ''))
const unescaped = (text: string) => text.replace(/\\(.)/g, '$1')

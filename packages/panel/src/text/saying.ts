/** Says in another language what was said in English; what is not known stays as it is. */
export type Say = (english: string) => string

/** What a place in a template may hold; the others hold anything. */
const SHAPES: Readonly<Record<string, string>> = {
  // Not what a sentence of its own begins with.
  name: '(?:(?!: ).)+?',
  count: '\\d+',
  total: '\\d+',
  age: '\\d+ (?:s|min|h|days)',
  computer: '[\\w-]+',
  candidate: '\\S+',
  process: '\\S+',
  // Of a list, which `; ` parts, each one is recognised by itself.
  refusal: '[^;]+',
  word: '[\\p{L} ]+?',
  // These may be missing; they bring their own space or colon.
  on: '(?: on [\\w-]+)?',
  from: '(?: from [\\w-]+)?',
  for: '(?: for (?:a moment|one \\w+|\\d+ \\w+))?',
  because: '(?:: .+)?',
}

interface Template {
  readonly pattern: RegExp
  readonly names: readonly string[]
  readonly target: string
  /** Without words of its own it joins parts, and tells nothing about a text of which no part is known. */
  readonly joins: boolean
  readonly weight: number
}

/** From known texts: one of them, also where it is written small inside of a sentence. */
export const createWord =
  (known: (text: string) => string | undefined): Say =>
  (text) => {
    const found = known(text)
    if (found !== undefined) return found
    const large = known(text.charAt(0).toUpperCase() + text.slice(1))
    return large === undefined ? text : large.charAt(0).toLowerCase() + large.slice(1)
  }

/** From pairs of a template and what it becomes. `word` knows words, which places of that name hold. */
export function createSay(pairs: readonly (readonly [string, string])[], word: Say): Say {
  const templates = pairs.map(compile).sort((a, b) => b.weight - a.weight)
  const say: Say = (english) => {
    for (const template of templates) {
      const match = template.pattern.exec(english)
      if (!match) continue
      const parts = new Map(template.names.map((name, index) => [name, match[index + 1] ?? '']))
      const said = new Map([...parts].map(([name, part]) => [name, name === 'word' ? word(part) : say(part)]))
      if (template.joins && [...parts].every(([name, part]) => said.get(name) === part)) continue
      return template.target.replace(PLACE, (whole, name: string) => said.get(name) ?? whole)
    }
    return english
  }
  return say
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const PLACE = /\{(\w+)\}/g

function compile([template, target]: readonly [string, string]): Template {
  const names = [...template.matchAll(PLACE)].map(([, name = '']) => name)
  const [first = '', ...rest] = template.split(/\{\w+\}/)
  const source = rest.reduce((made, literal, index) => {
    return `${made}(${SHAPES[names[index] ?? ''] ?? '.+?'})${escaped(literal)}`
  }, escaped(first))
  const literal = template.replace(PLACE, '')
  return {
    pattern: new RegExp(`^${source}$`, 'su'),
    names,
    target,
    joins: first === '' && !/\p{L}/u.test(literal),
    weight: literal.length,
  }
}

import { SaxesParser } from 'saxes'

/** An element as tests look at it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Every element of that name below this one. */
  all(name: string): readonly Element[]
  /** Of the first element of that name below this one; fails when there is none. */
  text(name: string): string
}

interface Node extends Element {
  readonly children: Node[]
  own: string
}

/** Strict: fails on what is not well-formed. */
export function parseXml(text: string): Element {
  const open: Node[] = [node('', {})]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const made = node(name, attributes)
    open.at(-1)?.children.push(made)
    open.push(made)
  })
  parser.on('text', (part) => {
    const top = open.at(-1)
    if (top) top.own += part
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  return open[0] ?? node('', {})
}

function node(name: string, attributes: Readonly<Record<string, string>>): Node {
  const children: Node[] = []
  const all = (wanted: string): Node[] =>
    children.flatMap((child) => [...(child.name === wanted ? [child] : []), ...(child.all(wanted) as Node[])])
  return {
    ...{ name, attributes, children, all, own: '' },
    text(wanted) {
      const [first] = all(wanted)
      if (first === undefined) throw new Error(`no ${wanted} in ${name}`)
      return first.own
    },
  }
}

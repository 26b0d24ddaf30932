import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync } from 'vite'

/** Names, commands and examples: the same in every language. */
const NAMES: readonly string[] = [
  ...['SlapOS', 'JSON', 'Ctrl K', 'https://', 'you@example.com', 'slapos node format --now'],
]
/** Attributes whose text a person reads or hears. */
const SHOWN: readonly unknown[] = ['alt', 'aria-label', 'description', 'label', 'note', 'placeholder', 'title', 'what']

test('no component holds a text of its own: texts stand in the catalogue', async () => {
  const source = join(import.meta.dirname, '..')
  const found: string[] = []
  for await (const file of glob('**/*.tsx', { cwd: source })) {
    const { program, errors } = parseSync(file, await readFile(join(source, file), 'utf8'))
    assert.deepEqual(errors, [])
    for (const text of textsOf(program)) if (!NAMES.includes(text)) found.push(`${file}: ${text}`)
  }
  assert.deepEqual(found, [])
})

test('texts are found wherever JSX shows one', () => {
  const code = `const a = <p title="one" className="not">two {'three'} {\`four \${b}\`} {b ? 'five' : other('not')}<i note={c && 'six'} /></p>`
  assert.deepEqual([...textsOf(parseSync('a.tsx', code).program)], ['one', 'two', 'three', 'four', 'five', 'six'])
})

/** What a syntax tree shows: text between tags, and what stands as such in braces and in attributes that people read. */
function* textsOf(node: unknown, shown = false): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const part of node) yield* textsOf(part, shown)
    return
  }
  const part: Readonly<Record<string, unknown>> = { ...node }
  switch (part['type']) {
    case 'JSXText':
      yield* worded(part['value'])
      break
    case 'Literal':
      if (shown) yield* worded(part['value'])
      break
    case 'TemplateElement':
      if (shown) yield* worded(field(part['value'], 'cooked'))
      break
    case 'JSXAttribute':
      yield* textsOf(part['value'], SHOWN.includes(field(part['name'], 'name')))
      break
    case 'JSXElement':
    case 'JSXFragment':
      yield* textsOf(part['openingElement'])
      yield* textsOf(part['children'], true)
      break
    case 'ConditionalExpression':
      yield* textsOf(part['test'])
      yield* textsOf([part['consequent'], part['alternate']], shown)
      break
    case 'LogicalExpression':
      yield* textsOf(part['left'])
      yield* textsOf(part['right'], shown)
      break
    case 'JSXExpressionContainer':
    case 'TemplateLiteral':
      yield* textsOf(Object.values(part), shown)
      break
    default:
      yield* textsOf(Object.values(part))
  }
}

function* worded(text: unknown): Generator<string> {
  if (typeof text === 'string' && /\p{L}{2}/u.test(text)) yield text.trim()
}

const field = (node: unknown, key: string): unknown =>
  typeof node === 'object' && node !== null ? new Map(Object.entries(node)).get(key) : undefined

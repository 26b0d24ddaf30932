/** What the documents name exists: paths of this repository, links to other pages, npm scripts. */
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const FOLDERS = 'packages|scripts|docs|releases|testkit|bench'
const pages = await Array.fromAsync(glob(['*.md', 'docs/*.md'], { cwd: root }))
const read = (page: string) => readFile(join(root, page), 'utf8')

const exists = async (pattern: string): Promise<boolean> => {
  for await (const _ of glob(pattern, { cwd: root })) return true
  return false
}

/** `packages/master/src/api/{slap,node}` names two folders. */
function expand(path: string): readonly string[] {
  const [whole, before = '', inner = '', after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(path) ?? []
  return whole === undefined ? [path] : inner.split(',').flatMap((word) => expand(before + word.trim() + after))
}

test('every path of this repository that a page names exists', async () => {
  let seen = 0
  for (const page of pages) {
    const spans = [...(await read(page)).matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(/\s+/))
    const named = spans.filter((word) => new RegExp(`^(${FOLDERS})(/[\\w.*{},-]+)*/?$`).test(word))
    for (const path of named.flatMap(expand)) {
      seen++
      assert.ok(await exists(path), `${page} names ${path}`)
    }
  }
  assert.ok(seen > 30)
})

test('every folder of the table in docs/architecture.md exists, and every package is in it', async () => {
  const rows = [...(await read('docs/architecture.md')).matchAll(/^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$/gm)]
  const folders = rows.flatMap(([, path = '']) => expand(path))
  for (const folder of folders) assert.ok(await exists(folder), folder)
  for await (const path of glob('packages/*', { cwd: root })) {
    assert.ok(
      folders.some((folder) => folder === path || folder.startsWith(`${path}/`)),
      `${path} is not in the table`,
    )
  }
})

test('every link between pages leads somewhere', async () => {
  for (const page of pages) {
    for (const [, target = ''] of (await read(page)).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const path = relative(root, join(root, dirname(page), target))
      assert.ok(await exists(path), `${page} links to ${path}`)
    }
  }
})

test('every npm script that a page names exists', async () => {
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(await read('package.json'))
  for (const page of pages) {
    for (const [, name = ''] of (await read(page)).matchAll(/npm run ([\w-]+)/g))
      assert.ok(name in scripts, `${page} names npm run ${name}`)
  }
})

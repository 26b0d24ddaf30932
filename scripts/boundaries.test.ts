import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

/** Which packages a package's source may import. Tests may also import the testkit and, end to end, anything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  base: [],
  slap: ['base'],
  release: ['base'],
  master: ['base', 'slap'],
  node: ['base', 'slap', 'release'],
  cli: ['base', 'slap', 'release', 'master', 'node'],
  panel: [],
}

const root = join(import.meta.dirname, '..')

test('dependencies between packages point one way', async () => {
  const wrong: string[] = []
  for await (const file of glob('packages/*/src/**/*.{ts,tsx}', { cwd: root })) {
    if (/\.test\.tsx?$/.test(file)) continue
    const own = file.split('/')[1] ?? ''
    const text = await readFile(join(root, file), 'utf8')
    for (const [, imported = ''] of text.matchAll(/^(?:import|export)[^'"]*?from '@slapos\/([a-z0-9]+)/gms)) {
      if (imported !== own && !(allowed[own] ?? []).includes(imported)) wrong.push(`${file} imports ${imported}`)
    }
  }
  assert.deepEqual(wrong, [])
})

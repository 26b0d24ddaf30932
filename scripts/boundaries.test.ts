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

/** Which folders of the Master's source a folder of it may import, beside itself and the files at its top. */
const insideMaster: Readonly<Record<string, readonly string[]>> = {
  store: [],
  outgoing: [],
  telemetry: [],
  install: [],
  domain: ['store'],
  identity: ['domain', 'store'],
  catalog: ['domain', 'outgoing'],
  events: ['domain', 'store', 'telemetry'],
  queries: ['api/panel', 'catalog', 'domain', 'store', 'telemetry'],
  'api/slap': ['domain', 'identity'],
  'api/rpc': ['api/slap', 'domain', 'identity'],
  'api/hateoas': ['api/slap', 'domain', 'identity'],
  'api/registration': ['api/slap', 'domain', 'identity'],
  'api/node': ['api/panel', 'api/slap', 'domain', 'identity'],
  'api/panel': ['domain', 'events', 'identity', 'outgoing', 'queries', 'store', 'telemetry'],
}

test('inside the Master they point one way too', async () => {
  const source = join(root, 'packages/master/src')
  const folderOf = (file: string): string => {
    const [first = '', second = '', ...rest] = file.split('/')
    return second === '' ? '' : first === 'api' && rest.length > 0 ? `api/${second}` : first
  }
  const wrong: string[] = []
  for await (const file of glob('**/*.ts', { cwd: source })) {
    const own = folderOf(file)
    const may = insideMaster[own]
    if (may === undefined || /\.test\.ts$|testing/.test(file)) continue
    const text = await readFile(join(source, file), 'utf8')
    for (const [, imported = ''] of text.matchAll(/^(?:import|export)[^'"]*?from '(\.[^']+)'/gms)) {
      const target = folderOf(join(file, '..', imported))
      if (target !== '' && target !== own && !may.includes(target)) wrong.push(`${file} imports ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstanceInput } from './plan.ts'

/** Writes a release with one type around a body of `instance.ts`; for tests. */
export async function writeTestRelease(options: {
  /** Statements inside `default(instance) { ... }`. */
  readonly body?: string
  /** The whole of instance.ts instead. */
  readonly source?: string
  readonly schema?: object
  readonly manifest?: object
}): Promise<{ readonly directory: string; remove(): Promise<void> }> {
  const { body = '', schema = { type: 'object' }, manifest = {} } = options
  const {
    source = `import { defineInstance } from '@slapos/release'\nexport default defineInstance({ async default(instance) {\n${body}\n} })\n`,
  } = options
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'slapos-release-')))
  const files = {
    'release.json': JSON.stringify({
      format: 1,
      name: 'test',
      version: '1.0.0',
      title: 'Test',
      build: [],
      'software-type': { default: { title: 'Default', request: 'input.json', response: 'output.json' } },
      ...manifest,
    }),
    'input.json': JSON.stringify(schema),
    'output.json': '{}',
    'instance.ts': source,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

export function testInput(change: Partial<InstanceInput> = {}): InstanceInput {
  return {
    format: 1,
    title: 'test',
    rootTitle: 'test',
    guid: 'SOFTINST-1',
    computer: 'COMP-0',
    partition: 'slappart0',
    softwareType: 'default',
    state: 'started',
    parameters: {},
    ipv4: '127.0.0.2',
    ipv6: null,
    paths: { partition: '/srv/slapgrid/slappart0', release: '/opt/slapgrid/release', node: process.execPath },
    slaves: [],
    children: {},
    seed: '5a'.repeat(32),
    ...change,
  }
}

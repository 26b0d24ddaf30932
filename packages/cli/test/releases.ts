import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes a release below the home of a cloud, from which its Master takes releases. Answers its path. */
export async function writeRelease(
  home: string,
  name: string,
  { instance, build = [] }: { readonly instance: string; readonly build?: readonly object[] },
): Promise<string> {
  const directory = join(home, 'releases', name)
  await mkdir(directory, { recursive: true })
  const manifest = {
    format: 1,
    name,
    version: '1.0.0',
    title: name,
    build,
    'software-type': { default: { title: name, request: 'input.json', response: 'output.json' } },
  }
  await writeFile(join(directory, 'release.json'), JSON.stringify(manifest))
  await writeFile(join(directory, 'input.json'), '{"type":"object"}')
  await writeFile(join(directory, 'output.json'), '{"type":"object"}')
  await writeFile(join(directory, 'instance.ts'), instance)
  return directory
}

/** instance.ts with that body in its only type. */
export const instanceOf = (body: string): string =>
  `import { defineInstance } from '@slapos/release'\nexport default defineInstance({ default(instance) {\n${body}\n} })\n`

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readBundle } from '@slapos/master/install/index.ts'

const run = promisify(execFile)

/** A bundle of this checkout in a directory of its own. */
export async function makeBundle(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-bundle-test-'))
  await run('sh', [join(import.meta.dirname, '../../scripts/bundle'), directory])
  return directory
}

/** Puts another version of the agent into a bundle: the same program, with one more file. */
export async function upgradeBundle(directory: string, version: string): Promise<void> {
  const { artefacts } = await readBundle(directory)
  const agent = artefacts.find(({ kind }) => kind === 'agent')
  if (!agent) throw new Error('the bundle has no agent')
  const draft = await mkdtemp(join(tmpdir(), 'slapos-upgrade-'))
  const file = `slapos-${version}.tgz`
  try {
    await run('tar', ['-xzf', join(directory, agent.file), '-C', draft])
    await writeFile(join(draft, 'NEWS'), `${version}\n`)
    await run('tar', ['-czf', join(directory, file), '-C', draft, '.'])
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  const data = await readFile(join(directory, file))
  const sha256 = createHash('sha256').update(data).digest('hex')
  const upgraded = { ...agent, file, version, size: data.length, sha256 }
  const others = artefacts.filter(({ kind }) => kind !== 'agent')
  const manifest = { format: 1, version, artefacts: [upgraded, ...others] }
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest))
}

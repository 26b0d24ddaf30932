/** `scripts/bundle [DIRECTORY]`: dist/bundle/ with manifest.json, the agent, Node.js per architecture, the releases. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readVersioned, writeVersioned } from '@slapos/base'
import { makeAgent } from './agent.ts'
import type { Artefact } from './artefact.ts'
import { makeNodes } from './nodes.ts'
import { makeReleases } from './releases.ts'
import { root } from './root.ts'
import { packageVersion, sourceHash } from './sources.ts'

const FORMAT = 1
const target = resolve(process.argv[2] ?? join(root, 'dist/bundle'))
const source = await sourceHash()
const before = await readVersioned(join(target, 'manifest.json'), FORMAT).catch(() => undefined)

if (before?.['source'] === source) {
  process.stdout.write(`bundle: ${target} is up to date\n`)
} else {
  await mkdir(target, { recursive: true })
  const version = await packageVersion(root)
  const artefacts: readonly Artefact[] = [
    await makeAgent(target, version),
    ...(await makeNodes(target)),
    ...(await makeReleases(target)),
  ]
  await writeVersioned(join(target, 'manifest.json'), FORMAT, { version, source, artefacts })
  const kept = new Set(['manifest.json', ...artefacts.map(({ file }) => file)])
  for (const name of await readdir(target)) if (!kept.has(name)) await rm(join(target, name), { recursive: true })
  for (const { file, size, sha256 } of artefacts) {
    process.stdout.write(`bundle: ${file}  ${(size / 1e6).toFixed(1)} MB  ${sha256}\n`)
  }
}

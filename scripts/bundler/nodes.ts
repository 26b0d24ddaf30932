import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Artefact, describe, sha256Of } from './artefact.ts'
import { root } from './root.ts'
import { packageVersion } from './sources.ts'

/** The Node.js of the lockfile for every architecture that is installed here, compressed once. */
export async function makeNodes(target: string): Promise<readonly Artefact[]> {
  const made: Artefact[] = []
  for (const arch of ['x64', 'arm64']) {
    const folder = join(root, `node_modules/node-linux-${arch}`)
    const binary = join(folder, 'bin/node')
    if (!existsSync(binary)) continue
    const version = `v${await packageVersion(folder)}`
    const path = join(target, `node-${version}-${arch}.gz`)
    if (!existsSync(path)) {
      await pipeline(createReadStream(binary), createGzip({ level: 6 }), createWriteStream(`${path}.tmp`))
      await rename(`${path}.tmp`, path)
    }
    made.push({ kind: 'node', version, arch, ...(await describe(path)), binarySha256: await sha256Of(binary) })
  }
  return made
}

import { createHash } from 'node:crypto'
import { constants, createReadStream, existsSync } from 'node:fs'
import { copyFile, link, mkdir, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const known = new Map<string, Promise<string>>()

/**
 * The path of an immutable copy of a Node.js binary, `runtime/node-VERSION-HASH/bin/node`, made when it is not there:
 * what is built now runs on it whatever becomes of the agent. A hard link where the file system allows it.
 */
export async function pinRuntime(runtimeRoot: string, node: string, version = process.version): Promise<string> {
  const source = await realpath(node)
  const key = `${runtimeRoot} ${source}`
  const pinned = known.get(key) ?? pin(runtimeRoot, source, version)
  known.set(key, pinned)
  try {
    const path = await pinned
    if (existsSync(path)) return path
  } catch {
    // Tried again below.
  }
  known.delete(key)
  return await pin(runtimeRoot, source, version)
}

async function pin(runtimeRoot: string, source: string, version: string): Promise<string> {
  if (dirname(dirname(dirname(source))) === (await realpath(runtimeRoot).catch(() => ''))) return source
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(source)) hash.update(chunk)
  const folder = join(runtimeRoot, `node-${version}-${hash.digest('hex').slice(0, 12)}`)
  const target = join(folder, 'bin/node')
  if (existsSync(target)) return target
  const temporary = `${folder}.${process.pid}.tmp`
  await rm(temporary, { recursive: true, force: true })
  await mkdir(join(temporary, 'bin'), { recursive: true, mode: 0o755 })
  const copy = join(temporary, 'bin/node')
  await link(source, copy).catch(() => copyFile(source, copy, constants.COPYFILE_FICLONE))
  try {
    await rename(temporary, folder)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    if (!existsSync(target)) throw error // else another build was quicker
  }
  return target
}

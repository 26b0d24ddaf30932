import { join } from 'node:path'
import { isSlapError } from '@slapos/base'
import type { FastifyPluginAsync } from 'fastify'
import { type Bundle, readBundle } from './bundle.ts'
import { installErrors } from './errors.ts'
import { oneLiner } from './one-liner.ts'
import { type Addresses, renderInstaller } from './script.ts'
import { sendImmutable } from './send-file.ts'

export interface InstallOptions {
  /** What `scripts/bundle` made. */
  readonly bundleDirectory: string
  /** Asked at each request: listeners may get their ports, and the Master its public name, later. */
  readonly addresses: () => Addresses
}

/**
 * Public, on the web side: what a machine fetches to become a node.
 *   GET /slapos, /install/slapos          the installer script
 *   GET /install/manifest.json            what there is, and the script's sum
 *   GET /install/bundle/SHA256/NAME       one artefact
 */
export const installSurface: FastifyPluginAsync<InstallOptions> = async (app, { bundleDirectory, addresses }) => {
  const bundle = bundleReader(bundleDirectory)

  for (const path of ['/slapos', '/install/slapos']) {
    app.get(path, async (_request, reply) => {
      const { text, sha256 } = renderInstaller(addresses(), await bundle())
      return reply
        .type('text/x-shellscript; charset=utf-8')
        .header('etag', `"${sha256}"`)
        .header('cache-control', 'no-cache')
        .send(text)
    })
  }

  app.get('/install/manifest.json', async () => {
    const { version, artefacts } = await bundle()
    return { format: 1, version, script: { sha256: renderInstaller(addresses(), await bundle()).sha256 }, artefacts }
  })

  app.get<{ Params: { sum: string; name: string } }>('/install/bundle/:sum/:name', async (request, reply) => {
    const { sum, name } = request.params
    const artefact = (await bundle()).artefacts.find(({ sha256, file }) => sha256 === sum && file === name)
    if (!artefact) throw installErrors.ARTEFACT_UNKNOWN({ name })
    return sendImmutable(request, reply, { ...artefact, path: join(bundleDirectory, artefact.file) })
  })
}

/** The line to copy for a Master; undefined while it has no bundle. */
export async function currentOneLiner({ bundleDirectory, addresses }: InstallOptions): Promise<string | undefined> {
  try {
    const { sha256 } = renderInstaller(addresses(), await readBundle(bundleDirectory))
    return oneLiner({ webUrl: addresses().webUrl, sha256 })
  } catch (error) {
    if (isSlapError(error)) return undefined
    throw error
  }
}

/** Reads the manifest again when a bundle was made meanwhile, at most once a second. */
function bundleReader(directory: string): () => Promise<Bundle> {
  let last: { readonly at: number; readonly bundle: Promise<Bundle> } | undefined
  return () => {
    if (!last || performance.now() - last.at > 1000) last = { at: performance.now(), bundle: readBundle(directory) }
    return last.bundle
  }
}

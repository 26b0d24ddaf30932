import { join } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import { type Bundle, readBundle } from './bundle.ts'
import { installErrors } from './errors.ts'
import { type Addresses, renderInstaller } from './script.ts'
import { sendImmutable } from './send-file.ts'

export interface InstallOptions {
  /** What `scripts/bundle` made. */
  readonly bundleDirectory: string
  /** Asked at each request: listeners may get their ports, and the Master its public name, later. */
  readonly addresses: () => Addresses
  /** Told whenever the bundle was read. */
  readonly onBundle?: (bundle: Bundle) => void
}

/**
 * Public, on the web side: what a machine fetches to become a node.
 *   GET /slapos, /install/slapos          the installer script
 *   GET /install/manifest.json            what there is, and the script's sum
 *   GET /install/bundle/SHA256/NAME       one artefact
 */
export const installSurface: FastifyPluginAsync<InstallOptions> = async (
  app,
  { bundleDirectory, addresses, onBundle },
) => {
  const bundle = bundleReader(bundleDirectory, onBundle)

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

/** Reads the manifest again when a bundle was made meanwhile, at most once a second. */
function bundleReader(directory: string, onBundle?: (bundle: Bundle) => void): () => Promise<Bundle> {
  let last: { readonly at: number; readonly bundle: Promise<Bundle> } | undefined
  const read = async () => {
    const bundle = await readBundle(directory)
    onBundle?.(bundle)
    return bundle
  }
  return () => {
    if (!last || performance.now() - last.at > 1000) last = { at: performance.now(), bundle: read() }
    return last.bundle
  }
}

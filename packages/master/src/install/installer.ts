import { isSlapError } from '@slapos/base'
import type { FastifyInstance } from 'fastify'
import { type Bundle, readBundle } from './bundle.ts'
import { type InstallOptions, installSurface } from './install-surface.ts'
import { oneLiner } from './one-liner.ts'
import { renderInstaller } from './script.ts'

/** What `startMaster` takes as `install` and `joinCommand`. */
export interface Installer {
  /** Whether there is a bundle to install from. */
  ready(): boolean
  install(app: FastifyInstance): Promise<void>
  joinCommand(input: {
    readonly token: string
    readonly title: string
    readonly apiUrl: string
    readonly webUrl: string
    /** See `OneLinerOptions`. */
    readonly publiclyTrusted?: boolean
  }): string
}

/** Serves the bundle of a directory, and makes the line to copy from it. Without a bundle the line says what to do. */
export async function createInstaller(options: InstallOptions): Promise<Installer> {
  let bundle = await readOrNone(options.bundleDirectory)
  return {
    ready: () => bundle !== undefined,
    async install(app) {
      await app.register(installSurface, {
        ...options,
        onBundle: (found) => {
          bundle = found
        },
      })
    },
    joinCommand({ token, title, apiUrl, webUrl, publiclyTrusted = false }) {
      if (!bundle) return '# This Master has nothing to install from yet. Its administrator runs: sh scripts/bundle'
      const { sha256 } = renderInstaller({ apiUrl, webUrl }, bundle)
      return oneLiner({ webUrl, sha256, token, title, publiclyTrusted })
    },
  }
}

async function readOrNone(directory: string): Promise<Bundle | undefined> {
  try {
    return await readBundle(directory)
  } catch (error) {
    if (isSlapError(error)) return undefined
    throw error
  }
}

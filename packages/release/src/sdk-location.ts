import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'

/** Where a built release keeps the SDK that it was built with. */
export const SDK_IN_RELEASE = '.slapos/sdk'

export interface SdkLocation {
  /** Directory of `index.ts` or `index.js`, which `@slapos/release` means inside the release. */
  readonly directory: string
  /** The runner's main file. */
  readonly runner: string
  /** What the runner reads besides the release. */
  readonly readable: readonly string[]
}

/** The SDK of a built release is its own; a release in source form runs with the SDK beside this file. */
export async function locateSdk(release: string): Promise<SdkLocation> {
  const own = join(release, SDK_IN_RELEASE)
  if (existsSync(join(own, 'runner/main.js'))) {
    return { directory: join(own, 'sdk'), runner: join(own, 'runner/main.js'), readable: [] }
  }
  const here = import.meta.dirname
  return {
    directory: join(here, 'sdk'),
    runner: join(here, 'runner/main.ts'),
    readable: [here, ...(await validatorFolders())],
  }
}

/** The packages that validate JSON schemas. */
export const VALIDATOR_PACKAGES = ['ajv', 'ajv-formats', 'fast-deep-equal', 'json-schema-traverse', 'fast-uri']

export async function validatorFolders(): Promise<readonly string[]> {
  const require = createRequire(import.meta.url)
  // What only the validator needs is the version that it finds, which need not be the one beside us.
  const requireOfAjv = createRequire(require.resolve('ajv'))
  const folders = VALIDATOR_PACKAGES.map(async (name) => {
    const from = name.startsWith('ajv') ? require : requireOfAjv
    const file = await realpath(from.resolve(name))
    const at = file.lastIndexOf(`${sep}node_modules${sep}${name}${sep}`)
    return at < 0 ? dirname(file) : file.slice(0, at + `${sep}node_modules${sep}${name}`.length)
  })
  return await Promise.all(folders)
}

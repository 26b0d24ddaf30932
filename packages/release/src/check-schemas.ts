import { join } from 'node:path'
import { messageOf } from '@slapos/base'
import { releaseErrors } from './errors.ts'
import { findForm, type Release, readSchema } from './load-release.ts'

/** Compiles every schema that the manifest names, against the meta schema too. */
export async function checkSchemas(release: Release): Promise<void> {
  // Only authors and builds need the compiler: an agent that never checks does not load it.
  const { compileSchema } = await import('./runner/schema.ts')
  for (const [name, entry] of Object.entries(release.manifest['software-type'])) {
    const form = findForm(release, entry['software-type'] ?? name, entry.shared ?? false)
    for (const path of [form.request, form.response]) {
      const schemaPath = join(release.directory, path)
      const schema = await readSchema(release, path)
      try {
        const coerce = form.serialisation === 'xml'
        compileSchema({ schema, schemaPath, release: release.directory, coerce }, true)
      } catch (error) {
        throw releaseErrors.SCHEMA_INVALID({ path: schemaPath, reason: messageOf(error) }, error)
      }
    }
  }
}

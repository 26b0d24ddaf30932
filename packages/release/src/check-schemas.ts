import { join } from 'node:path'
import { messageOf } from '@slapos/base'
import { releaseErrors } from './errors.ts'
import { type Release, type ReleaseForm, readSchema } from './load-release.ts'

/** Compiles the two schemas of a form, against the meta schema too; answers what is wrong with each. */
export async function checkSchemas(release: Release, form: ReleaseForm): Promise<readonly unknown[]> {
  // Only authors and builds need the compiler: an agent that never checks does not load it.
  const { compileSchema } = await import('./runner/schema.ts')
  const problems: unknown[] = []
  for (const path of new Set([form.request, form.response])) {
    const schemaPath = join(release.directory, path)
    try {
      const schema = await readSchema(release, path)
      const coerce = form.serialisation === 'xml'
      try {
        compileSchema({ schema, schemaPath, release: release.directory, coerce }, true)
      } catch (error) {
        throw releaseErrors.SCHEMA_INVALID({ path: schemaPath, reason: messageOf(error) }, error)
      }
    } catch (problem) {
      problems.push(problem)
    }
  }
  return problems
}

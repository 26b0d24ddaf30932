import { join } from 'node:path'
import { messageOf } from '@slapos/base'
import { findForm, type Release, readSchema } from './load-release.ts'
import type { SlaveInput } from './plan.ts'
import type { RunnerRequest } from './runner/protocol.ts'

type SlaveForms = NonNullable<RunnerRequest['slaves']>['forms']

/**
 * The schemas of the types that these slaves have. A release that describes no slaves takes any; one that describes
 * some refuses the types that it does not.
 */
export async function slaveForms(release: Release, slaves: readonly SlaveInput[]): Promise<SlaveForms> {
  const describesSlaves = Object.values(release.manifest['software-type']).some(({ shared }) => shared)
  if (!describesSlaves) return {}
  const forms: Record<string, SlaveForms[string]> = {}
  for (const type of new Set(slaves.map(({ softwareType }) => softwareType))) {
    try {
      const { request, serialisation } = findForm(release, type, true)
      const schema = await readSchema(release, request)
      forms[type] = { schema, schemaPath: join(release.directory, request), coerce: serialisation === 'xml' }
    } catch (error) {
      forms[type] = { refused: messageOf(error) }
    }
  }
  return forms
}

import { boolean, type Decoder, dictionary, integer, list, object, oneOf, Refused, refuse, text } from './decode.ts'
import { releaseErrors } from './errors.ts'
import type { BuildStep, ReleaseManifest } from './manifest.ts'
import { relativePath } from './relative-path.ts'

/** Checks the content of a `release.json`; `path` is only for messages. */
export function validateManifest(value: unknown, path: string): ReleaseManifest {
  try {
    const manifest: ReleaseManifest = decodeManifest({ name: '', value })
    checkTypes(manifest)
    return manifest
  } catch (error) {
    if (error instanceof Refused) {
      throw releaseErrors.MANIFEST_INVALID({ path, field: error.field, reason: error.reason }, error)
    }
    throw error
  }
}

const line = text({ most: 1000, least: 1 })
const serialisation = oneOf('json-in-xml', 'xml')
const url = text({ most: 2048, pattern: /^(https|file):\/\/\S+$/, described: 'an https URL' })

const debianPackage = text({
  pattern: /^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/,
  described: 'the name of a Debian package',
})

const steps = {
  apt: object(
    { type: oneOf('apt'), packages: list(debianPackage, 500, 1) },
    { into: relativePath, without: list(debianPackage, 500) },
  ),
  npm: object({ type: oneOf('npm') }, { in: relativePath }),
  url: object(
    {
      type: oneOf('url'),
      url,
      sha256: text({ pattern: /^[0-9a-f]{64}$/, described: '64 hexadecimal digits' }),
      into: relativePath,
    },
    { unpack: boolean },
  ),
  git: object(
    {
      type: oneOf('git'),
      url,
      commit: text({ pattern: /^([0-9a-f]{40}|[0-9a-f]{64})$/, described: 'a full commit id' }),
      into: relativePath,
    },
    {},
  ),
  run: object(
    { type: oneOf('run'), command: list(text({ most: 64 * 1024 }), 1000, 1) },
    {
      in: relativePath,
      environment: dictionary(
        text({ most: 64 * 1024 }),
        text({ pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, described: 'the name of an environment variable' }),
        200,
      ),
    },
  ),
}

const buildStep: Decoder<BuildStep> = (field) => {
  const { value } = field
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  return steps[oneOf('apt', 'npm', 'url', 'git', 'run')({ name: `${field.name}.type`, value: type })](field)
}

const softwareType = object(
  { title: line, request: relativePath, response: relativePath },
  {
    description: text(),
    'software-type': text({ least: 1, most: 256 }),
    shared: boolean,
    index: integer(-1_000_000, 1_000_000),
    serialisation,
  },
)

const decodeManifest = object(
  {
    format: integer(1, 1) as Decoder<1>,
    name: text({ most: 100, pattern: /^[a-z0-9][a-z0-9-]*$/, described: 'lower-case letters, digits and "-"' }),
    version: text({ most: 100, pattern: /^[A-Za-z0-9][A-Za-z0-9.+~-]*$/, described: 'a version such as 1.0.0' }),
    title: line,
    build: list(buildStep, 1000),
    'software-type': dictionary(softwareType, text({ least: 1, most: 256 }), 200),
  },
  {
    description: text({ most: 10_000 }),
    entry: relativePath,
    requires: object({}, { ipv6: boolean, root: boolean }),
    serialisation,
  },
)

/** As in SlapOS: a form is found by its real type and whether it makes a slave, so that pair names one form only. */
function checkTypes(manifest: ReleaseManifest): void {
  const forms = Object.entries(manifest['software-type'])
  const field = { name: 'software-type', value: undefined }
  if (forms.length === 0) refuse(field, 'must not be empty')
  const seen = new Map<string, string>()
  for (const [form, { 'software-type': type = form, shared = false }] of forms) {
    const key = `${type} ${shared}`
    const other = seen.get(key)
    if (other !== undefined) refuse(field, `has two forms for one type: ${other} and ${form}`)
    seen.set(key, form)
  }
}

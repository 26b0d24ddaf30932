/** The process that runs `instance.ts`: one request in, one answer out. Started by `run-instance.ts` in its sandbox. */
import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin, registerHooks } from 'node:module'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { typesOf as TypesOf } from '../sdk/define.ts'
import type { buildInstance as BuildInstance } from '../sdk/instance.ts'
import { confine, isAllowedBuiltin } from './confine.ts'
import type { RunnerAnswer, RunnerRequest } from './protocol.ts'
import { compileSchema } from './schema.ts'
import { validateSlaves } from './slaves.ts'

const { stringify } = JSON
const exit = process.exit.bind(process)
const write = process.stdout.write.bind(process.stdout)
write(stringify(await run(JSON.parse(readFileSync(0, 'utf8')))), () => exit(0))

async function run(request: RunnerRequest): Promise<RunnerAnswer> {
  const { input, entry, sdk, ...source } = request
  let parameters: unknown
  try {
    const validated = compileSchema(source)(input.parameters)
    if ('reason' in validated) return { refused: 'parameters', reason: validated.reason }
    parameters = validated.value
  } catch (error) {
    return { refused: 'schema', reason: String(error instanceof Error ? error.message : error) }
  }
  const { slaves, errors } = validateSlaves(request)
  const sdkUrl = pathToFileURL(join(sdk, `index${extname(import.meta.filename)}`)).href
  const { buildInstance, typesOf }: { buildInstance: typeof BuildInstance; typesOf: typeof TypesOf } = await import(
    sdkUrl
  )
  try {
    mapModules(sdkUrl, source.release)
    confine()
    const { default: exported }: { default?: unknown } = await import(pathToFileURL(entry).href)
    const types = typesOf(exported)
    if (!types) return { refused: 'failure', reason: 'it must export default defineInstance({ ... })' }
    const { softwareType } = input
    const type = Object.hasOwn(types, softwareType) ? types[softwareType] : undefined
    if (typeof type !== 'function') {
      return { refused: 'type', reason: `defineInstance has no function named ${softwareType}` }
    }
    const { instance, plan } = buildInstance({ ...input, parameters, slaves })
    await type.call(types, instance)
    const { slaveErrors, ...rest } = plan
    const refused = { ...slaveErrors, ...errors }
    return { plan: { ...rest, ...(Object.keys(refused).length > 0 ? { slaveErrors: refused } : {}) } }
  } catch (error) {
    return { refused: 'failure', reason: describe(error) }
  }
}

function mapModules(sdkUrl: string, release: string): void {
  const root = `${pathToFileURL(release).href}/`
  const stripped = join(release, '.slapos/stripped')
  registerHooks({
    load(url, context, next) {
      // A built release holds its TypeScript stripped: loading the stripper would take longer than all the rest.
      if (url.startsWith(root) && url.endsWith('.ts')) {
        const file = join(stripped, decodeURIComponent(url.slice(root.length)))
        if (existsSync(file)) return { format: 'module', source: readFileSync(file, 'utf8'), shortCircuit: true }
      }
      return next(url, context)
    },
    resolve(specifier, context, next) {
      if (specifier === '@slapos/release') return { url: sdkUrl, shortCircuit: true }
      // Only release code is bound: the SDK's own imports come from the file that is trusted.
      const trusted = context.parentURL?.startsWith(sdkUrl.slice(0, sdkUrl.lastIndexOf('/') + 1)) ?? false
      if (isBuiltin(specifier) && !trusted && !isAllowedBuiltin(specifier)) {
        throw new Error(`instance.ts cannot import ${specifier}: it computes a plan, and services do the work`)
      }
      return next(specifier, context)
    },
  })
}

/** Message and the place in the release, without the frames of the runner. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error.stack?.split('\n').find((line) => line.includes('file://') && !line.includes('/runner/'))
  return `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}${place ? ` (${place.trim()})` : ''}`
}

import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@slapos/base'
import { releaseErrors } from './errors.ts'
import { findForm, loadRelease, readSchema } from './load-release.ts'
import type { InstanceInput, InstancePlan } from './plan.ts'
import { PLAN_LIMITS, validatePlan } from './plan-schema.ts'
import type { RunnerAnswer, RunnerRequest } from './runner/protocol.ts'
import { type RunAs, runSandboxed } from './sandbox.ts'
import { locateSdk } from './sdk-location.ts'
import { slaveForms } from './slave-forms.ts'

export interface RunInstanceOptions {
  /** A built release, or the source of one. */
  readonly releaseDirectory: string
  /** `parameters` as they were requested: they are validated in the sandbox, and defaults are filled in. */
  readonly input: InstanceInput
  /** The parameters came as texts, not packed: they are converted where the schema wants numbers or booleans. */
  readonly texts?: boolean
  /** References of slaves whose parameters came as texts. */
  readonly slaveTexts?: readonly string[]
  /** The partition's user. Default: the caller's, in namespaces where the machine allows them. */
  readonly runAs?: RunAs
  /** Default 10 s. */
  readonly timeoutMs?: number
  /** Default 128. */
  readonly memoryMb?: number
  /** The Node.js to run on; default the one of this process. */
  readonly node?: string
  readonly signal?: AbortSignal
}

/** Runs a release's `instance.ts` in a sandbox and returns its plan, validated. Throws errors of the catalogue only. */
export async function runInstance(options: RunInstanceOptions): Promise<InstancePlan> {
  const { input, timeoutMs = 10_000, memoryMb = 128, node = process.execPath, runAs, signal } = options
  const release = await loadRelease(options.releaseDirectory)
  const form = findForm(release, input.softwareType)
  const sdk = await locateSdk(release.directory)
  const request: RunnerRequest = {
    format: 1,
    entry: release.entry,
    sdk: sdk.directory,
    schema: await readSchema(release, form.request),
    schemaPath: join(release.directory, form.request),
    release: release.directory,
    coerce: form.serialisation === 'xml' || options.texts === true,
    input: { ...input, softwareType: form.type },
    slaves: { forms: await slaveForms(release, input.slaves), texts: options.slaveTexts ?? [] },
  }
  const { entry } = release
  let result: Awaited<ReturnType<typeof runSandboxed>>
  try {
    result = await runSandboxed({
      node: await realpath(node),
      script: sdk.runner,
      readable: [release.directory, ...sdk.readable],
      input: JSON.stringify(request),
      timeoutMs,
      memoryMb,
      mostOutput: PLAN_LIMITS.bytes,
      ...(runAs ? { runAs } : {}),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    throw releaseErrors.INSTANCE_FAILED({ entry, reason: messageOf(error) }, error)
  }
  if (result.end === 'timeout') throw releaseErrors.INSTANCE_TIMEOUT({ entry, seconds: timeoutMs / 1000 })
  if (result.end === 'aborted') throw releaseErrors.INSTANCE_FAILED({ entry, reason: 'it was cancelled' })
  if (result.end === 'output') {
    throw releaseErrors.INSTANCE_OUTPUT({ entry, reason: `it is longer than ${PLAN_LIMITS.bytes} bytes` })
  }
  if (result.code !== 0 || result.killedBy !== null) throw failureOf(entry, memoryMb, result)
  const answer = parseAnswer(entry, result.stdout)
  if ('plan' in answer) return validatePlan(answer.plan, input)
  const { reason } = answer
  switch (answer.refused) {
    case 'parameters':
      throw releaseErrors.PARAMETERS_INVALID({ title: input.title, type: form.type, reason })
    case 'schema':
      throw releaseErrors.SCHEMA_INVALID({ path: request.schemaPath, reason })
    default:
      throw releaseErrors.INSTANCE_FAILED({ entry, reason })
  }
}

function parseAnswer(entry: string, stdout: string): RunnerAnswer {
  try {
    const value: unknown = JSON.parse(stdout)
    if (typeof value === 'object' && value !== null) {
      if ('plan' in value) return { plan: value.plan }
      if ('refused' in value && 'reason' in value) {
        const { refused, reason } = value
        const kind = refused === 'parameters' || refused === 'schema' ? refused : 'failure'
        return { refused: kind, reason: String(reason).slice(0, 4096) }
      }
    }
  } catch {
    // Said below.
  }
  const reason = stdout === '' ? 'it ended without a plan' : 'its output is not a plan'
  throw releaseErrors.INSTANCE_OUTPUT({ entry, reason })
}

function failureOf(
  entry: string,
  memoryMb: number,
  { code, killedBy, stderr }: Awaited<ReturnType<typeof runSandboxed>>,
) {
  if (/heap out of memory|out of memory|Array buffer allocation failed|allocation failure/i.test(stderr)) {
    return releaseErrors.INSTANCE_MEMORY({ entry, megabytes: memoryMb })
  }
  const said = stderr.split('\n').filter((line) => line.trim() !== '')
  const cause = said.find((line) => /^\w*Error\b/.test(line)) ?? said.slice(-3).join(' | ')
  const how = killedBy ? `it was killed by ${killedBy}` : `it ended with exit code ${code}`
  return releaseErrors.INSTANCE_FAILED({ entry, reason: cause ? `${how}: ${cause}` : how })
}

export const isBuiltRelease = (directory: string): boolean => existsSync(join(directory, '.completed'))

import { BlockList, isIP } from 'node:net'
import {
  boolean,
  type Decoder,
  dictionary,
  integer,
  json,
  list,
  object,
  oneOf,
  Refused,
  refuse,
  text,
} from './decode.ts'
import { releaseErrors } from './errors.ts'
import type { InstancePlan } from './plan.ts'
import { checkReferences } from './plan-references.ts'
import { partitionPath } from './relative-path.ts'

/** What a plan may hold at most. A plan beyond this is refused, never cut. */
export const PLAN_LIMITS = {
  bytes: 4 * 1024 * 1024,
  files: 2000,
  directories: 2000,
  oneShots: 200,
  services: 500,
  promises: 1000,
  forwards: 100,
  requests: 500,
  slaves: 100_000,
  publishedKeys: 500,
} as const

/** The addresses of the partition: besides loopback, the only targets of a forward. */
export interface PartitionAddresses {
  readonly ipv4: string
  readonly ipv6: string | null
}

/** Checks a plan that came out of an untrusted process; `addresses` are those of the partition that it is for. */
export function validatePlan(value: unknown, addresses: PartitionAddresses): InstancePlan {
  try {
    const plan: InstancePlan = decodePlan({ name: '', value })
    checkReferences(plan)
    plan.forwards.forEach((forward, index) => {
      const field = { name: `forwards[${index}].targetAddress`, value: forward.targetAddress }
      const { ipv4, ipv6 } = addresses
      const { targetAddress } = forward
      if (targetAddress !== ipv4 && targetAddress !== ipv6 && !isLoopback(targetAddress)) {
        refuse(field, `must be loopback or an address of the partition, not ${targetAddress}`)
      }
    })
    return plan
  } catch (error) {
    if (error instanceof Refused) throw releaseErrors.PLAN_INVALID({ field: error.field, reason: error.reason }, error)
    throw error
  }
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/
const name = text({ most: 100, least: 1, pattern: NAME, described: 'letters, digits, "_", "-" and "."' })

/** Text that the wire (XML) and a command line can carry. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/
function plain(most: number, least = 0): Decoder<string> {
  const decode = text({ most, least })
  return (field) => {
    const value = decode(field)
    if (UNPRINTABLE.test(value) || !value.isWellFormed()) refuse(field, 'holds characters that XML cannot carry')
    return value
  }
}

const argument: Decoder<string> = (field) => {
  const value = text({ most: 64 * 1024 })(field)
  return value.includes('\0') ? refuse(field, 'must not hold a NUL character') : value
}

const command: Decoder<readonly string[]> = (field) => {
  const words = list(argument, 1000, 1)(field)
  const program = { name: `${field.name}[0]`, value: words[0] }
  text({ least: 1 })(program)
  if (!words[0]?.startsWith('/')) partitionPath(program)
  return words
}

const environmentName = text({
  most: 256,
  pattern: /^(?!SLAPOS_)[A-Za-z_][A-Za-z0-9_]*$/,
  described: 'the name of an environment variable that does not begin with SLAPOS_',
})

const permissions: Decoder<number> = (field) => {
  const { value } = field
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0o777) {
    refuse(field, 'must be permission bits from 0 to 0o777, without set-uid, set-gid or sticky bit')
  }
  return value
}

const address: Decoder<string> = (field) => {
  const value = text({ most: 64 })(field)
  return isIP(value) === 0 ? refuse(field, `must be an IP address, not ${value}`) : value
}

const commandOptions = { environment: dictionary(argument, environmentName, 200), in: partitionPath }
const reads = list(partitionPath, PLAN_LIMITS.files)
const port = integer(1, 65535)

const service = object(
  { name, command },
  {
    ...commandOptions,
    stopSignal: oneOf('SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'),
    stopTimeout: integer(0, 3600),
    reads,
    reload: object({ signal: oneOf('SIGHUP', 'SIGUSR1', 'SIGUSR2'), reads }, {}),
    watch: boolean,
  },
)
const oneShot = object({ name, command }, { ...commandOptions, timeout: integer(1, 24 * 3600), reads })

const checkOptions = { period: integer(1, 24 * 3600), timeout: integer(1, 600) }
const host = text({ most: 255, least: 1, pattern: /^[A-Za-z0-9_.:-]+$/, described: 'a host name or an address' })
const promises = {
  tcp: object({ name, kind: oneOf('tcp'), host, port }, checkOptions),
  http: object(
    {
      name,
      kind: oneOf('http'),
      url: text({ most: 2048, pattern: /^https?:\/\/[^\s]+$/, described: 'an http or https URL' }),
    },
    { ...checkOptions, status: integer(100, 599), contains: text({ most: 4096 }), verify: boolean },
  ),
  process: object({ name, kind: oneOf('process'), service: name }, checkOptions),
  command: object({ name, kind: oneOf('command'), command }, checkOptions),
}
const promise: Decoder<InstancePlan['promises'][number]> = (field) => {
  const kinds = object({ kind: oneOf('tcp', 'http', 'process', 'command') }, {})
  const { value } = field
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  const { kind: known } = kinds({ name: field.name, value: { kind } })
  return promises[known](field)
}

const processors: Decoder<number> = (field) => {
  const { value } = field
  if (typeof value !== 'number' || !(value >= 0.01 && value <= 1024)) {
    refuse(field, 'must be a number of processors from 0.01 to 1024')
  }
  return value
}

const published = dictionary(json, plain(256, 1), PLAN_LIMITS.publishedKeys)

const decodePlan = object(
  {
    format: integer(1, 1) as Decoder<1>,
    files: list(
      object({ path: partitionPath, content: text({ most: PLAN_LIMITS.bytes }) }, { mode: permissions }),
      PLAN_LIMITS.files,
    ),
    directories: list(object({ path: partitionPath }, { mode: permissions }), PLAN_LIMITS.directories),
    oneShots: list(oneShot, PLAN_LIMITS.oneShots),
    services: list(service, PLAN_LIMITS.services),
    promises: list(promise, PLAN_LIMITS.promises),
    forwards: list(
      object(
        { protocol: oneOf('tcp', 'udp'), listenPort: port, targetAddress: address, targetPort: port },
        { listenAddress: address },
      ),
      PLAN_LIMITS.forwards,
    ),
    requests: list(
      object(
        { title: plain(256, 1), softwareType: plain(256, 1), parameters: json },
        {
          release: plain(2048, 1),
          sla: dictionary(plain(4096), plain(256, 1), 100),
          shared: boolean,
          state: oneOf('started', 'stopped', 'destroyed'),
        },
      ),
      PLAN_LIMITS.requests,
    ),
    publish: published,
    publishSlaves: dictionary(published, plain(256, 1), PLAN_LIMITS.slaves),
  },
  {
    slaveErrors: dictionary(plain(4096), plain(256, 1), PLAN_LIMITS.slaves),
    controller: object({ service: name }, {}),
    limits: object({}, { memoryMb: integer(16, 16 * 1024 ** 2), processes: integer(1, 4_194_304), cpus: processors }),
  },
)

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

function isLoopback(value: string): boolean {
  return LOOPBACK.check(value, isIP(value) === 6 ? 'ipv6' : 'ipv4')
}

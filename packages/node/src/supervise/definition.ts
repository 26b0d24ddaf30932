import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { superviseErrors } from './errors.ts'
import { serviceId } from './layout.ts'
import type { ServiceDefinition } from './supervisor.ts'

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/
const PARTITION = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** `slappart7:crond-on-watch`; the node's own services have bare names. */
export function titleOf({ partition, name, watch }: Pick<ServiceDefinition, 'partition' | 'name' | 'watch'>): string {
  const shown = watch ? `${name}-on-watch` : name
  return partition === '' ? shown : `${partition}:${shown}`
}

/** What, when it differs, means another process: everything but what is told by a signal, shown, or merely wanted. */
export function fingerprint(definition: ServiceDefinition): string {
  const { up: _up, watch: _watch, reload: _reload, ...content } = definition
  return createHash('sha256').update(canonical(content)).digest('hex').slice(0, 32)
}

/** Throws SERVICE_DEFINITION when a definition cannot be served as it stands. */
export function validateDefinition(definition: ServiceDefinition): void {
  const { partition, name, command, environment, directory } = definition
  const refuse = (reason: string) => superviseErrors.SERVICE_DEFINITION({ name: serviceId(partition, name), reason })
  if (partition !== '' && !PARTITION.test(partition)) throw refuse('its partition has a name that is not allowed')
  if (!NAME.test(name)) throw refuse('a name has 1 to 100 of A-Z a-z 0-9 _ . - and starts with none of . -')
  if (command.length === 0 || command[0] === '') throw refuse('it has no command')
  if (!isAbsolute(directory)) throw refuse(`its directory ${directory} is not absolute`)
  const strange = Object.keys(environment).find((key) => !VARIABLE.test(key))
  if (strange !== undefined) throw refuse(`its environment has a variable named ${JSON.stringify(strange)}`)
  const texts = [...command, directory, ...Object.values(environment)]
  if (texts.some((text) => text.includes('\0'))) throw refuse('its command or environment holds a zero byte')
}

/** JSON with sorted keys: one value, one text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

import { isRecord } from './record.ts'
import { schemasHere } from './schema-walk.ts'

/** Where a value stands, as the form names it: `Nodes › n1 › Weight`. `path` is a JSON pointer. */
export const labelOf = (path: string, schema: unknown): string => follow(path, schema).labels.join(' › ')

/** Whether some schema speaks of a value at this place by its name. */
export const isForeseen = (path: string, schema: unknown): boolean => follow(path, schema).named

function follow(path: string, schema: unknown): { readonly labels: readonly string[]; readonly named: boolean } {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let here: readonly unknown[] = [schema]
  let last = false
  const labels = steps.map((step) => {
    const all = here.flatMap((each) => schemasHere(each, schema))
    const named = all.flatMap(({ properties }) =>
      isRecord(properties) && step in properties ? [properties[step]] : [],
    )
    last = named.length > 0
    here = named.length > 0 ? named : all.flatMap((each) => belowBy(step, each))
    if (named.length === 0) return /^\d+$/.test(step) && all.some(isList) ? String(Number(step) + 1) : step
    return titleOf(named) ?? titleOf(named.flatMap((each) => schemasHere(each, schema).slice(0, 2))) ?? step
  })
  return { labels, named: last }
}

function belowBy(step: string, schema: Readonly<Record<string, unknown>>): unknown[] {
  const { items, prefixItems, additionalProperties, patternProperties } = schema
  const listed = Array.isArray(prefixItems) ? prefixItems[Number(step)] : undefined
  return [
    listed ?? items,
    additionalProperties,
    ...(isRecord(patternProperties) ? Object.values(patternProperties) : []),
  ]
}

const isList = ({ items, prefixItems, type }: Readonly<Record<string, unknown>>): boolean =>
  type === 'array' || items !== undefined || prefixItems !== undefined

const titleOf = (schemas: readonly unknown[]): string | undefined =>
  schemas.flatMap((each) => (isRecord(each) && typeof each['title'] === 'string' ? [each['title']] : []))[0]

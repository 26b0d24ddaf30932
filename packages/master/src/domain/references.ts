/** Public references are a prefix and the row's number; numbers are never given twice. */
const PREFIX = {
  computer: 'COMP-',
  instance: 'SOFTINST-',
  installation: 'SOFTINSTALL-',
  tree: 'HOSTSUBS-',
  project: 'PROJ-',
  person: 'PERS-',
  network: 'NET-',
} as const

export type Numbered = keyof typeof PREFIX

export const referenceOf = (kind: Numbered, id: number): string => `${PREFIX[kind]}${id}`

/** The row's number; undefined when the text is not a reference of that kind. */
export function idOf(kind: Numbered, reference: string): number | undefined {
  const prefix = PREFIX[kind]
  if (!reference.startsWith(prefix)) return undefined
  const digits = reference.slice(prefix.length)
  return /^(0|[1-9][0-9]{0,8})$/.test(digits) ? Number(digits) : undefined
}

/** `COMP-1/slappart0`: how changes name a partition. */
export const partitionReference = (computerId: number, partition: string): string =>
  `${referenceOf('computer', computerId)}/${partition}`

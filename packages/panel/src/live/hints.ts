import type { QueryClient } from '@tanstack/react-query'
import type { Hint } from './stream.ts'

const SERVICES = ['services', 'service', 'home', 'why', 'topology', 'partitions']
const FACTS = ['processes', 'promises', 'installation', 'installations', 'log']

/** Which kinds of screens show a kind of change. */
const SHOWN_BY: Readonly<Record<string, readonly string[]>> = {
  // A machine that joins changes the state of its token.
  computer: ['servers', 'server', 'home', 'topology', 'why', 'tokens'],
  partition: ['server', 'servers', 'partitions', ...SERVICES],
  installation: ['installations', 'installation', 'products', 'home', 'why'],
  instance: [...SERVICES, 'servers'],
  slaves: SERVICES,
  service: SERVICES,
  token: ['tokens', 'invitations'],
  certificate: ['certificates', 'sessions', 'tokens'],
  person: ['me', 'members'],
  project: ['me', 'members'],
  // A release that is newly listed may be an upgrade of any service.
  catalogue: ['products', 'descriptor', 'service'],
  telemetry: [...FACTS, ...SERVICES, 'servers', 'server'],
  command: ['audit'],
  log: ['log'],
}

/** Changes come in flocks: what one flock made stale is read once. */
const GATHER_MS = 120

export function hintReader(client: QueryClient): (hint: Hint) => void {
  const stale = new Set<string>()
  let everything = false
  // biome-ignore lint/correctness/noUnusedVariables: it is read by ??=
  let timer: ReturnType<typeof setTimeout> | undefined
  return (hint) => {
    const keys = SHOWN_BY[hint.kind]
    if (keys === undefined) everything = true
    for (const key of keys ?? []) stale.add(key)
    if (hint.kind !== 'telemetry') stale.add('audit')
    timer ??= setTimeout(() => {
      const all = everything
      const wanted = new Set(stale)
      timer = undefined
      everything = false
      stale.clear()
      void client.invalidateQueries({ predicate: (query) => all || wanted.has(String(query.queryKey[0])) })
    }, GATHER_MS)
  }
}

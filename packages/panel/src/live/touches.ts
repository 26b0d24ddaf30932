import type { Hint } from './stream.ts'

const COLOURS = new Set(['computer', 'partition', 'installation', 'instance', 'slaves', 'service', 'telemetry'])
const FACTS = new Set(['telemetry', 'partition', 'instance', 'computer'])
const PEOPLE = new Set(['person', 'project'])

/** Which kinds of changes a kind of screen shows; `touches` then looks at what it shows of them. */
const SHOWS: Readonly<Record<string, ReadonlySet<string>>> = {
  home: COLOURS,
  topology: COLOURS,
  why: COLOURS,
  services: COLOURS,
  // A release that is newly listed may be its upgrade.
  service: new Set([...COLOURS, 'catalogue']),
  servers: new Set(['computer', 'partition', 'telemetry']),
  server: new Set(['computer', 'partition', 'telemetry']),
  partitions: COLOURS,
  installations: new Set(['installation', 'telemetry', 'computer']),
  installation: new Set(['installation', 'telemetry', 'computer']),
  products: new Set(['installation', 'catalogue']),
  descriptor: new Set(['catalogue']),
  processes: FACTS,
  promises: FACTS,
  uptime: new Set([...FACTS, 'usage']),
  log: new Set(['log']),
  usage: new Set(['usage']),
  // A machine that joins changes the state of its token.
  tokens: new Set(['token', 'certificate', 'computer']),
  'client-tokens': new Set(['token', 'certificate', 'person']),
  invitations: new Set(['token', 'project']),
  certificates: new Set(['certificate']),
  me: PEOPLE,
  members: PEOPLE,
  sessions: new Set(['person']),
  'api-tokens': new Set(['person']),
  feeds: new Set(['person']),
  notifications: new Set(['person']),
  audit: new Set([...COLOURS, 'token', 'certificate', 'person', 'project', 'catalogue', 'command']),
}

/** The server that a hint names: `COMP-1`, `COMP-1/slappart0`, `COMP-1/service/slappart0/web`. */
export const serverOf = ({ reference }: Hint): string | undefined => /^COMP-\d+/.exec(reference)?.[0]

/** Whether what is read under this key may be different after that change. */
export function touches(hint: Hint, key: readonly unknown[]): boolean {
  const [kind, about, part] = key
  // A kind that this version does not know may mean anything.
  if (hint.kind === 'reset' || !KNOWN.has(hint.kind)) return true
  if (SHOWS[String(kind)]?.has(hint.kind) !== true) return false
  const server = serverOf(hint)
  switch (kind) {
    case 'service':
      return hint.services?.includes(String(about)) ?? true
    case 'server':
    case 'partitions':
    case 'installations':
    case 'installation':
      return server === undefined || server === about
    case 'uptime':
      // A server is known to be there by what it measures; of services that tells nothing.
      return hint.kind === 'usage' ? ofServer(server, about) : ofSubject(hint, server, about)
    case 'processes':
    case 'promises':
      return ofSubject(hint, server, about)
    case 'usage':
      // Of the last hour; longer series do not look different after a quarter of a minute.
      return server === about && key[3] === 60
    case 'log':
      return hint.reference === `${about}/${part}`
    case 'audit':
      // What a node reports stands in no log of who did what.
      return hint.kind !== 'telemetry'
    default:
      return true
  }
}

const KNOWN: ReadonlySet<string> = new Set([...Object.values(SHOWS)].flatMap((kinds) => [...kinds]))

const ofServer = (server: string | undefined, of: unknown): boolean =>
  typeof of === 'object' && of !== null && 'server' in of && of.server === server

function ofSubject(hint: Hint, server: string | undefined, of: unknown): boolean {
  const fields: Readonly<Record<string, unknown>> = { ...(typeof of === 'object' ? of : {}) }
  if (fields['service'] !== undefined) return hint.services?.includes(String(fields['service'])) ?? true
  return fields['server'] === undefined || server === undefined || server === fields['server']
}

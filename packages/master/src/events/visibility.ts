import type { Clock } from '@slapos/base'
import type { Caller } from '../domain/cloud.ts'
import type { Store } from '../store/index.ts'
import type { Hint } from './hint.ts'

/** Answers are kept this long, and dropped earlier when a change says that they may be wrong. */
const KEPT_MS = 10_000

export type PersonCaller = Extract<Caller, { kind: 'person' }>

/** Who may hear of what. A hint says only that something changed; what it is, the reader still has to be allowed. */
export interface Visibility {
  visible(caller: PersonCaller, hint: Hint): Promise<boolean>
  /** A change that may move people or machines between projects. */
  changed(hint: Hint): void
}

export function createVisibility(store: Store, clock: Clock): Visibility {
  const people = new Map<string, Kept>()
  const computers = new Map<string, Kept>()
  const shares = new Map<string, Kept>()
  const former = new Map<string, Promise<ReadonlySet<string>>>()

  return {
    async visible({ person, grant }, { kind, reference, project, computer }) {
      if (kind === 'catalogue') return true
      if (kind === 'person' && reference === person) return true
      const all = await keep(people, person, () => projectsOf(person))
      const projects = grant?.project === undefined ? all : within(all, grant.project)
      if (projects.has('*')) return true
      const among = (some: ReadonlySet<string>) => some.has('*') || [...some].some((one) => projects.has(one))
      if (project !== null && projects.has(project)) return true
      if (computer === null) return false
      if (project === null && among(await keep(computers, computer, () => projectsOn(computer)))) return true
      // Who may use it sees its state in his list; what goes on inside is not his.
      if (kind !== 'computer' && !(kind === 'telemetry' && reference === computer)) return false
      if (among(await keep(shares, computer, () => projectsThatMayUse(computer)))) return true
      return among((await former.get(computer)) ?? new Set())
    },
    changed({ kind, computer }) {
      if (kind === 'person' || kind === 'project') people.clear()
      if (computer === null) return
      computers.delete(computer)
      const before = shares.get(computer)
      // Who could use it until now has to hear that he cannot any more.
      if (before) former.set(computer, before.projects)
      shares.delete(computer)
    },
  }

  async function keep(cache: Map<string, Kept>, key: string, load: () => Promise<Set<string>>): Promise<Set<string>> {
    const now = clock.monotonic()
    const known = cache.get(key)
    if (known && known.until > now) return known.projects
    const projects = load()
    if (cache.size > 10_000) cache.clear()
    cache.set(key, { projects, until: now + KEPT_MS })
    projects.catch(() => cache.delete(key))
    return projects
  }

  /** `*`: he operates the cloud. */
  async function projectsOf(person: string): Promise<Set<string>> {
    const rows = await store.read
      .selectFrom('membership')
      .innerJoin('person', 'person.id', 'membership.person_id')
      .innerJoin('project', 'project.id', 'membership.project_id')
      .select(['project.reference', 'person.operator'])
      .where('person.reference', '=', person)
      .where('person.state', '=', 'active')
      .execute()
    return new Set(rows.flatMap((row) => (row.operator === 1 ? ['*', row.reference] : [row.reference])))
  }

  /** Projects that own the computer, or have an instance on it. */
  async function projectsOn(computer: string): Promise<Set<string>> {
    const own = await store.read
      .selectFrom('computer')
      .innerJoin('project', 'project.id', 'computer.project_id')
      .select('project.reference')
      .where('computer.reference', '=', computer)
      .execute()
    const guests = await store.read
      .selectFrom('instance')
      .innerJoin('partition', 'partition.id', 'instance.partition_id')
      .innerJoin('computer', 'computer.id', 'partition.computer_id')
      .innerJoin('project', 'project.id', 'instance.project_id')
      .select('project.reference')
      .distinct()
      .where('computer.reference', '=', computer)
      .execute()
    return new Set([...own, ...guests].map(({ reference }) => reference))
  }

  /** Projects that may place instances there; `*`: all. */
  async function projectsThatMayUse(computer: string): Promise<Set<string>> {
    const rows = await store.read
      .selectFrom('computer')
      .leftJoin('computer_share', 'computer_share.computer_id', 'computer.id')
      .leftJoin('project', 'project.id', 'computer_share.project_id')
      .select(['computer.visibility', 'project.reference'])
      .where('computer.reference', '=', computer)
      .where('computer.visibility', '<>', 'project')
      .execute()
    return new Set(rows.map(({ visibility, reference }) => (visibility === 'everybody' ? '*' : (reference ?? ''))))
  }
}

/** What a token of one project leaves. */
const within = (projects: ReadonlySet<string>, one: string): ReadonlySet<string> =>
  new Set(projects.has('*') || projects.has(one) ? [one] : [])

interface Kept {
  readonly projects: Promise<Set<string>>
  readonly until: number
}

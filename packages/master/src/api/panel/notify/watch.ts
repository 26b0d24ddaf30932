import { type Clock, type Logger, messageOf } from '@slapos/base'
import type { Static } from 'typebox'
import type { Cloud } from '../../../domain/cloud.ts'
import type { Queries } from '../../../queries/index.ts'
import type { Store } from '../../../store/index.ts'
import type { Subject } from '../schemas/index.ts'
import type { NotificationTargets } from './targets.ts'

type Red = ReadonlyMap<string, Static<typeof Subject>>

export interface WatchOptions {
  readonly cloud: Cloud
  readonly store: Store
  readonly queries: Queries
  readonly targets: NotificationTargets
  readonly clock: Clock
  readonly logger: Logger
  readonly webUrl: () => string
  /** Something changed that no `Change` tells: what nodes report. */
  readonly onTelemetry: (listener: () => void) => () => void
}

/** Changes come in flocks, and what turns green within this time was no news. */
const SETTLE_MS = 3000
/** Silence makes no event: a lost server is found by looking. */
const LOOK_MS = 60_000

/** Tells people of a project what turned red, and what is no longer red. Returns the stop function. */
export function watchIndicators(options: WatchOptions): () => void {
  const { cloud, store, queries, targets, clock, logger } = options
  const stop = new AbortController()
  const before = new Map<string, Red>()
  let due = false

  const look = async () => {
    const wanted = await store.read
      .selectFrom('notification_target')
      .innerJoin('person', 'person.reference', 'notification_target.person')
      .innerJoin('membership', 'membership.person_id', 'person.id')
      .innerJoin('project', 'project.id', 'membership.project_id')
      .select(['person.reference as person', 'project.reference as project'])
      .where('notification_target.enabled', '=', 1)
      .distinct()
      .execute()
    for (const [project, members] of Map.groupBy(wanted, (row) => row.project)) {
      const people = members.map((row) => row.person)
      const home = await queries.home({ person: people[0] ?? '', caller: { kind: 'system' }, projects: [project] })
      const red: Red = new Map(
        home.attention.flatMap((subject) => (subject.status.color === 'red' ? [[keyOf(subject), subject]] : [])),
      )
      const known = before.get(project)
      before.set(project, red)
      // The first look only learns: a restart of the Master is no news.
      if (known) await tellChanges(people, known, red)
    }
  }

  async function tellChanges(people: readonly string[], known: Red, red: Red): Promise<void> {
    for (const [key, subject] of red) {
      if (known.has(key)) continue
      const { title, status } = subject
      const text = `${status.word}: ${status.reason}`
      await targets.tell(people, { title: `${title} is red`, text, link: linkOf(subject), color: 'red' })
    }
    for (const [key, subject] of known) {
      if (red.has(key)) continue
      const { title } = subject
      const text = 'It is no longer red.'
      await targets.tell(people, { title: `${title} is well again`, text, link: linkOf(subject), color: 'green' })
    }
  }

  const linkOf = ({ kind, reference, parent }: Static<typeof Subject>) =>
    `${options.webUrl()}${kind === 'server' ? `/servers/${reference}` : kind === 'service' ? `/services/${reference}` : `/servers/${parent}/software/${reference}`}`

  const soon = () => {
    if (due) return
    due = true
    void clock.sleep(SETTLE_MS, stop.signal).then(run, () => {})
  }
  const run = async () => {
    due = false
    await look().catch((error) => logger.warning(`notifications: ${messageOf(error)}`))
  }
  const rounds = async () => {
    while (!stop.signal.aborted) {
      await run()
      await clock.sleep(LOOK_MS, stop.signal)
    }
  }
  void rounds().catch(() => {}) // ends by being stopped
  const endings = [cloud.onChange(soon), options.onTelemetry(soon)]
  return () => {
    stop.abort()
    for (const end of endings) end()
  }
}

const keyOf = ({ kind, parent, reference }: Static<typeof Subject>) => `${kind} ${parent} ${reference}`

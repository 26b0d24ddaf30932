import { type Clock, type Logger, messageOf } from '@slapos/base'
import type { Board, SubjectItem, SubjectKey } from '../../../queries/index.ts'
import type { Store } from '../../../store/index.ts'
import { type Item, News } from './news.ts'
import type { Message } from './send.ts'
import type { NotificationTargets } from './targets.ts'

export interface WatchOptions {
  readonly board: Board
  readonly subjects: (keys: readonly SubjectKey[]) => Promise<readonly SubjectItem[]>
  readonly store: Store
  readonly targets: NotificationTargets
  readonly clock: Clock
  readonly logger: Logger
  readonly webUrl: () => string
}

const TIMES = { settle: 3_000, hold: 300_000 }
const RETRY_MS = 30_000

/** Tells people of a project what turned red, and what is no longer red. Returns the stop function. */
export function watchIndicators(options: WatchOptions): () => void {
  const { board, subjects, store, targets, clock, logger, webUrl } = options
  const stop = new AbortController()
  const news = new News(TIMES)
  let waiting = false

  const end = board.onTurn(({ before, after, ...concern }) => {
    if ((before === 'red') === (after === 'red')) return
    news.turned(concern, before === 'red', clock.monotonic())
    wait()
  })

  function wait(): void {
    const due = news.nextDue
    if (waiting || due === undefined || stop.signal.aborted) return
    waiting = true
    // Looked at often enough that something new with an earlier moment is not late.
    const ms = Math.min(Math.max(0, due - clock.monotonic()), TIMES.settle)
    clock.sleep(ms, stop.signal).then(run, () => {}) // stopped
  }

  async function run(): Promise<void> {
    const items = news.take(clock.monotonic(), ({ kind, id }) => board[kind].get(id) === 'red')
    for (const item of items) {
      await tell(item).catch((error) => {
        logger.warning(`a notification could not be made, and is tried again: ${messageOf(error)}`)
        news.again(item, clock.monotonic() + RETRY_MS)
      })
    }
    waiting = false
    wait()
  }

  async function tell({ concern, red }: Item): Promise<void> {
    const people = await interestedIn(store, concern.project)
    if (people.length === 0) return
    const [subject] = await subjects([concern])
    // Nobody needs to hear that what he removed is not red any more.
    if (subject) await targets.tell(people, messageOfTurn(subject, red, webUrl()))
  }

  return () => {
    stop.abort()
    end()
  }
}

async function interestedIn(store: Store, project: number): Promise<readonly string[]> {
  const rows = await store.read
    .selectFrom('notification_target')
    .innerJoin('person', 'person.reference', 'notification_target.person')
    .innerJoin('membership', 'membership.person_id', 'person.id')
    .select('person.reference as person')
    .where('notification_target.enabled', '=', 1)
    .where('membership.project_id', '=', project)
    .where('person.state', '=', 'active')
    .distinct()
    .execute()
  return rows.map(({ person }) => person)
}

function messageOfTurn({ kind, reference, parent, title, status }: SubjectItem, red: boolean, web: string): Message {
  const link =
    kind === 'installation' ? `${web}/servers/${parent}/software/${reference}` : `${web}/${kind}s/${reference}`
  const now = status.reason === '' ? status.word : `${status.word}: ${status.reason}`
  return red
    ? { title: `${title} is red`, text: now, link, color: 'red' }
    : { title: `${title} is well again`, text: `It is no longer red. ${now}`, link, color: 'green' }
}

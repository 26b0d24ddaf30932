import type { Status } from '../api/panel/schemas/index.ts'
import type { Indicator } from '../domain/indicator/indicator.ts'

/** An indicator of the domain in the panel's shape; the reason is one line, the whole text stands on the page. */
export const toStatus = ({ colour, word, reason, since }: Indicator): Status => ({
  color: colour,
  word,
  reason: (reason.trim().split('\n', 1)[0] ?? '').slice(0, 300),
  since,
})

export const status = (color: Status['color'], word: string, reason: string, since: number | null): Status => ({
  color,
  word,
  reason,
  since,
})

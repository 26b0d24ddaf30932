import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleX, IconLoader2 } from '@tabler/icons-react'
import type { Status as StatusData } from '../api/generated/schema.ts'
import { useSaying, useWord } from '../text/text.ts'
import { Ago } from './ago.tsx'
import classes from './status.module.css'

const ICONS = { green: IconCircleCheck, yellow: IconAlertTriangle, red: IconCircleX, grey: IconCircleDashed } as const

/** Words that mean: being worked on. They turn the icon, and are blue rather than alarming. */
const BUSY = /^(building|starting|stopping|destroying|removing|processing|requested|waiting)/i
export const isBusy = (status: StatusData) => status.color !== 'red' && BUSY.test(status.word)

/** Colour, icon and word: never colour alone. The reason is in the tooltip. */
export function StatusPill({ status }: { readonly status: StatusData }) {
  const word = useWord()
  const say = useSaying()
  const busy = isBusy(status)
  const Icon = busy ? IconLoader2 : ICONS[status.color]
  return (
    <span className={classes.pill} data-color={busy ? 'blue' : status.color} title={say(status.reason) || undefined}>
      <Icon size={14} stroke={2} aria-hidden className={busy ? classes.turning : undefined} />
      {word(status.word)}
    </span>
  )
}

/** The pill with its reason and since: for the head of a page. */
export function StatusLine({ status }: { readonly status: StatusData }) {
  const say = useSaying()
  return (
    <div className={classes.line}>
      <StatusPill status={status} />
      <span className={classes.reason}>
        {say(status.reason)}
        {status.since !== null && (
          <span className="faint">
            {status.reason === '' ? '' : ' · '}
            <Ago at={status.since} />
          </span>
        )}
      </span>
    </div>
  )
}

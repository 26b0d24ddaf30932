import type { Color, Status as StatusData } from '../api/generated/schema.ts'
import { useSaying, useWord } from '../text/text.ts'
import { Ago } from './ago.tsx'
import classes from './status.module.css'
import { TONES } from './tones.ts'

/** The sign of a colour, in it. */
export function ToneIcon({ color, size = 14 }: { readonly color: Color; readonly size?: number }) {
  const Icon = TONES.find((tone) => tone.color === color)?.icon
  return (
    Icon && (
      <Icon size={size} stroke={2} aria-hidden data-tone={color} className={color === 'blue' ? classes.turning : ''} />
    )
  )
}

/** Colour, icon and word: never colour alone. The reason is in the tooltip. */
export function StatusPill({ status }: { readonly status: StatusData }) {
  const word = useWord()
  const say = useSaying()
  return (
    <span className={classes.pill} data-tone={status.color} title={say(status.reason) || undefined}>
      <ToneIcon color={status.color} />
      {word(status.word)}
    </span>
  )
}

/** For a cell of a list: the reason and since below, on one line. */
export function StatusCell({ status }: { readonly status: StatusData }) {
  const say = useSaying()
  const reason = say(status.reason)
  return (
    <span className={classes.cell}>
      <span className={classes.first}>
        <StatusPill status={status} />
        {status.since !== null && (
          <span className={`faint ${classes.since}`}>
            <Ago at={status.since} />
          </span>
        )}
      </span>
      {reason !== '' && (
        <span className={`dim ${classes.why}`} title={reason}>
          {reason}
        </span>
      )}
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

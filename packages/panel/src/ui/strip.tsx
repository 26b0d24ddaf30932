import type { Color, Strip } from '../api/generated/schema.ts'
import { useLanguage, useText } from '../text/text.ts'
import classes from './strip.module.css'
import { useDate } from './time.ts'

const toneOf = (share: number | null): Color =>
  share === null ? 'grey' : share >= 1 ? 'green' : share > 0 ? 'yellow' : 'red'

/** A bar for each half hour: whole and green, cut and yellow, red, or low and grey where nothing is known. */
export function HeartStrip({ strip, large = false }: { readonly strip: Strip | undefined; readonly large?: boolean }) {
  const t = useText()
  const language = useLanguage()
  const date = useDate()
  if (!strip || strip.share === null) return <span className="faint">–</span>
  const percent = (share: number, digits: number) =>
    // Never rounded up to a whole: an hour that failed is not nothing.
    new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(
      Math.floor(share * 10 ** (digits + 2)) / 10 ** (digits + 2),
    )
  const step = (strip.to - strip.from) / strip.bars.length
  const share = percent(strip.share, 2)
  return (
    <span className={`${classes.strip} ${large ? classes.large : ''}`}>
      <span className={classes.bars} role="img" aria-label={t('{share} in the last 24 hours', { share })}>
        {strip.bars.map((bar, index) => {
          const at = strip.from + index * step
          return (
            <span
              key={at}
              data-tone={toneOf(bar)}
              title={`${date(at)}: ${bar === null ? t('not known') : percent(bar, 0)}`}
            />
          )
        })}
      </span>
      <span className={`${classes.share} ${strip.share < 1 ? '' : 'dim'}`}>{share}</span>
    </span>
  )
}

import { useText } from '../text/text.ts'
import { lineDifference } from './line-difference.ts'

/** What saving would change. */
export function Difference({ before, after }: { readonly before: string; readonly after: string }) {
  const t = useText()
  if (before === after) return <p className="dim">{t('Nothing changes.')}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre className="difference" tabIndex={0}>
      {lineDifference(before.split('\n'), after.split('\n')).map(({ kind, line }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a difference is shown once, never rearranged
        <span key={index} className={kind}>
          {kind === 'added' ? '+ ' : kind === 'removed' ? '- ' : '  '}
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}

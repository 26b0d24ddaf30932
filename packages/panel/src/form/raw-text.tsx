import { Button, Textarea } from '@mantine/core'
import { useRef, useState } from 'react'
import { useText } from '../text/text.ts'
import type { TextMap } from './wire.ts'

/**
 * Parameters as a text that a person writes. What cannot be read yet stays as it is typed: the last text that could be
 * read counts until then.
 */
export function RawText({
  label,
  initial,
  parse,
  check,
  onChange,
}: {
  readonly label: string
  readonly initial: string
  readonly parse: (text: string) => TextMap
  /** What the release refuses in values that can be read. */
  readonly check: (value: TextMap) => Promise<string | undefined>
  /** `unreadable`: `value` is not what stands in the text. */
  readonly onChange: (value: TextMap, problem: string | undefined, unreadable: boolean) => void
}) {
  const t = useText()
  const [text, setText] = useState(initial)
  const [problem, setProblem] = useState<string | undefined>()
  const [unreadable, setUnreadable] = useState(false)
  const good = useRef(initial)
  const latest = useRef(initial)

  const write = (next: string) => {
    setText(next)
    latest.current = next
    try {
      const value = parse(next)
      good.current = next
      tell(value, undefined, false)
      void check(value).then((found) => {
        // Typed on meanwhile: the next answer counts.
        if (latest.current === next && found !== undefined) tell(value, found, false)
      })
    } catch (error) {
      tell(parse(good.current), error instanceof Error ? error.message : String(error), true)
    }
  }
  const tell = (value: TextMap, found: string | undefined, broken: boolean) => {
    setProblem(found)
    setUnreadable(broken)
    onChange(value, found, broken)
  }
  return (
    <div className="stack">
      <Textarea
        aria-label={label}
        className="raw"
        autosize
        minRows={8}
        maxRows={26}
        spellCheck={false}
        value={text}
        error={problem}
        onChange={({ currentTarget }) => write(currentTarget.value)}
      />
      {unreadable && (
        <div className="row">
          <span className="dim">{t('The other views come back when this text can be read.')}</span>
          <Button size="compact-xs" variant="default" onClick={() => write(good.current)}>
            {t('Back to the last text that could be read')}
          </Button>
        </div>
      )}
    </div>
  )
}

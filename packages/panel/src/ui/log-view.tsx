import { Button, Switch, TextInput } from '@mantine/core'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { answer, api } from '../api/client.ts'
import { useText } from '../text/text.ts'
import classes from './log-view.module.css'
import { Failed } from './states.tsx'

const KEPT = 5000
/** A line that tells of a failure, not an option named so (`--error-on=any`). */
const BAD = /(?<![-\w])(error|fatal|failed)(?![-\w=])/i

interface Shown {
  readonly first: number
  readonly lines: readonly string[]
  readonly next: number
}

/** The end of a log, growing while it grows. Only new lines are fetched. */
export function LogView({ computer, source }: { readonly computer: string; readonly source: string }) {
  const t = useText()
  const [follow, setFollow] = useState(true)
  const [wanted, setWanted] = useState('')
  const kept = useRef<Shown | undefined>(undefined)
  const box = useRef<HTMLDivElement>(null)

  const query = useQuery({
    queryKey: ['log', computer, source],
    queryFn: async (): Promise<Shown> => {
      const offset = kept.current?.next ?? -500
      const part = await answer(
        api.GET('/api/v1/servers/{computer}/logs', { params: { path: { computer }, query: { source, offset } } }),
      )
      const before = kept.current && part.offset === kept.current.next ? kept.current.lines : []
      const lines = [...before, ...part.lines].slice(-KEPT)
      kept.current = { first: part.next - lines.length, lines, next: part.next }
      return kept.current
    },
    // Lines come by events. That somebody reads is said again, well within the minute that the node goes on for it.
    refetchInterval: 30_000,
  })
  const shown = query.data
  const needle = wanted.toLowerCase()
  const lines = shown?.lines
    .map((line, index) => ({ number: shown.first + index + 1, line }))
    .filter(({ line }) => needle === '' || line.toLowerCase().includes(needle))

  useEffect(() => {
    if (follow && lines && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [follow, lines])

  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        <TextInput
          size="xs"
          value={wanted}
          aria-label={t('Search in the log')}
          placeholder={t('Search in the log')}
          leftSection={<IconSearch size={14} />}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Switch
          size="xs"
          label={t('Follow')}
          checked={follow}
          onChange={(event) => setFollow(event.currentTarget.checked)}
        />
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={14} />}
          disabled={!shown}
          onClick={() => download(`${source.replaceAll('/', '-')}.log`, shown?.lines ?? [])}
        >
          {t('Download')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div ref={box} className={classes.lines} role="log" aria-label={t('Log')} tabIndex={0}>
        {query.error && !shown ? <Failed error={query.error} /> : null}
        {lines?.length === 0 && <p className={classes.none}>{t('No line yet')}</p>}
        {lines?.map(({ number, line }) => (
          <div key={number} className={classes.line} data-bad={BAD.test(line) || undefined}>
            <span className={classes.number} aria-hidden>
              {number}
            </span>
            <span>{line}</span>
          </div>
        ))}
      </div>
    </div>
  )
}

function download(name: string, lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

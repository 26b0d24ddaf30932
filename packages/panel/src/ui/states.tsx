import { Button, Skeleton } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Problem } from '../api/client.ts'
import { useRefusal, useText } from '../text/text.ts'

/** Nothing here yet: says what to do next. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="dim">{children}</div>}
    </div>
  )
}

export function Loading({ lines = 5 }: { readonly lines?: number }) {
  const t = useText()
  return (
    <div className="loading" role="status" aria-label={t('Loading')}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these lines never move
        <Skeleton key={line} height={14} width={`${90 - ((line * 17) % 45)}%`} />
      ))}
    </div>
  )
}

export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: (() => void) | undefined }) {
  const t = useText()
  const { message, next } = useRefusal()(error)
  return (
    <div className="failed" role="alert">
      <IconPlugConnectedX size={20} aria-hidden />
      <div>
        {/* As the Master says it, for who looks it up. */}
        <p title={error instanceof Problem ? `${error.code}: ${error.message}` : undefined}>{message}</p>
        {next !== '' && <p className="dim">{next}</p>}
      </div>
      {retry && (
        <Button variant="default" onClick={retry}>
          {t('Try again')}
        </Button>
      )}
    </div>
  )
}

interface Result<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly refetch?: () => unknown
}

/** Loading, failed, or the content: every part of a page that reads something goes through here. */
export function Loaded<T>({
  query,
  lines,
  children,
}: {
  readonly query: Result<T>
  readonly lines?: number
  readonly children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error)
    return <Failed error={query.error} retry={query.refetch ? () => void query.refetch?.() : undefined} />
  return <Loading {...(lines === undefined ? {} : { lines })} />
}

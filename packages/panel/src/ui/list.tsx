import { Button, Chip, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { useShortcut } from '../app/shortcuts.ts'
import { useText } from '../text/text.ts'
import { ShowMore } from './show-more.tsx'
import { Failed, Loading } from './states.tsx'
import { ToneIcon } from './status.tsx'
import { TONES } from './tones.ts'

export interface ListState {
  readonly q?: string
  readonly color?: string
  readonly sort?: string
}

interface Pages<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[]; readonly total: number }[] } | undefined
  readonly error: unknown
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  fetchNextPage(): unknown
  refetch(): unknown
}

/** Search, colours, rows, "show more": a list whose pages come from the server. */
export function PagedList<T>({
  query,
  state,
  onState,
  colors = true,
  empty,
  children,
}: {
  readonly query: Pages<T>
  readonly state: ListState
  readonly onState: (state: ListState) => void
  readonly colors?: boolean
  readonly empty: ReactNode
  readonly children: (rows: readonly T[]) => ReactNode
}) {
  const t = useText()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(state.q ?? '')
  const search = useDebouncedCallback((q: string) => onState(without({ ...state, q }, 'q', q === '')), 200)
  useShortcut('/', () => input.current?.focus())

  const rows = query.data?.pages.flatMap((page) => page.items)
  const total = query.data?.pages[0]?.total ?? 0
  const filtered = (state.q ?? '') !== '' || (state.color ?? '') !== ''
  const chosen = state.color?.split(',').filter(Boolean) ?? []
  if (rows?.length === 0 && !filtered) return empty
  return (
    <>
      <div className="filters">
        <TextInput
          ref={input}
          value={typed}
          placeholder={t('Search')}
          aria-label={t('Search')}
          leftSection={<IconSearch size={15} />}
          rightSection={<kbd className="key">/</kbd>}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            search(event.currentTarget.value)
          }}
          // The keys of the panel work again.
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          className="search"
        />
        {colors && (
          <Chip.Group
            multiple
            value={chosen}
            onChange={(value) => onState(without({ ...state, color: value.join(',') }, 'color', value.length === 0))}
          >
            <div className="chips">
              {TONES.map(({ color, text }) => (
                <Chip key={color} value={color} size="xs" variant="outline" icon={<ToneIcon color={color} size={13} />}>
                  <span className="tone-label">
                    {!chosen.includes(color) && <ToneIcon color={color} size={13} />}
                    {t(text)}
                  </span>
                </Chip>
              ))}
            </div>
          </Chip.Group>
        )}
        {rows !== undefined && <span className="count">{t('{count} in all', { count: total })}</span>}
      </div>
      {rows === undefined ? (
        query.error ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : rows.length > 0 ? (
        children(rows)
      ) : (
        <div className="empty">
          <p className="empty-title">{t('Nothing matches')}</p>
          <Button
            variant="default"
            onClick={() => {
              setTyped('')
              onState(without(without(state, 'q', true), 'color', true))
            }}
          >
            {t('Show all')}
          </Button>
        </div>
      )}
      <ShowMore query={query} />
    </>
  )
}

function without(state: ListState, field: keyof ListState, drop: boolean): ListState {
  if (!drop) return state
  const { [field]: _dropped, ...rest } = state
  return rest
}

import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'
import classes from './table.module.css'

export interface Column<T> {
  readonly title: string
  /** Name for sorting on the server; absent: not sortable. */
  readonly sort?: string
  readonly cell: (row: T) => ReactNode
  /** Hidden on narrow screens. */
  readonly wide?: boolean
  readonly end?: boolean
  /** No wider than needed: the room is for the other columns. */
  readonly narrow?: boolean
  /** In pixels: tables below each other stand in line. */
  readonly width?: number
}

/**
 * Rows of one kind. A whole row opens its page (the first cell holds the real link, for keyboard and new tabs); on a
 * phone a row becomes a card.
 */
export function Table<T>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  onOpen,
}: {
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string
  readonly sort?: string | undefined
  readonly onSort?: (sort: string) => void
  readonly onOpen?: (row: T) => void
}) {
  const open = (row: T) => (event: MouseEvent<HTMLElement> | KeyboardEvent<HTMLElement>) => {
    const inside = event.target instanceof Element && event.target.closest('a,button,input,label') !== null
    if (!inside && window.getSelection()?.toString() === '') onOpen?.(row)
  }
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.title}
                scope="col"
                data-wide={column.wide || undefined}
                data-end={column.end || undefined}
                data-narrow={column.narrow || undefined}
                style={column.width === undefined ? undefined : { width: column.width }}
                aria-sort={ariaSort(column.sort, sort)}
              >
                {column.sort !== undefined && onSort ? (
                  <button type="button" onClick={() => onSort(next(column.sort ?? '', sort))}>
                    {column.title}
                    {sort === column.sort && <IconArrowUp size={12} aria-hidden />}
                    {sort === `-${column.sort}` && <IconArrowDown size={12} aria-hidden />}
                  </button>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-open={onOpen ? true : undefined} onClick={onOpen ? open(row) : undefined}>
              {columns.map((column) => (
                <td
                  key={column.title}
                  data-label={column.title}
                  data-wide={column.wide || undefined}
                  data-end={column.end || undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const next = (column: string, sort: string | undefined) => (sort === column ? `-${column}` : column)

function ariaSort(column: string | undefined, sort: string | undefined) {
  if (column === undefined) return undefined
  if (sort === column) return 'ascending'
  return sort === `-${column}` ? 'descending' : 'none'
}

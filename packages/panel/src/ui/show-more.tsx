import { Button } from '@mantine/core'
import { useText } from '../text/text.ts'

interface Pages {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  fetchNextPage(): unknown
}

/** The next page of a list, where there is one. */
export function ShowMore({ query }: { readonly query: Pages }) {
  const t = useText()
  if (!query.hasNextPage) return null
  return (
    <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t('Show more')}
    </Button>
  )
}

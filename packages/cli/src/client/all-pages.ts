import { type Fields, fields, list, text } from './json.ts'
import type { ClientSession } from './session.ts'

/** Every item of a paginated list of the panel API. */
export async function allPages(
  session: ClientSession,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly Fields[]> {
  const items: Fields[] = []
  let cursor = ''
  do {
    const page = fields(await session.get(path, { limit: '200', ...query, ...(cursor && { cursor }) }))
    items.push(...list(page['items']))
    cursor = text(page['next'])
  } while (cursor !== '')
  return items
}

import type { Context } from './context.ts'

export interface ReleaseName {
  readonly product: string
  readonly productTitle: string
  readonly version: string
}

/** Names of release URLs: those of the catalogue, or the end of the URL. */
export async function releaseNames({ db }: Context, urls: readonly string[]): Promise<(url: string) => ReleaseName> {
  const wanted = [...new Set(urls)]
  const rows =
    wanted.length === 0
      ? []
      : await db
          .selectFrom('release')
          .innerJoin('product', 'product.id', 'release.product_id')
          .select(['release.url', 'release.version', 'product.reference', 'product.title'])
          .where('release.url', 'in', wanted)
          .execute()
  const known = new Map(
    rows.map((row) => [row.url, { product: row.reference, productTitle: row.title, version: row.version }]),
  )
  return (url) => known.get(url) ?? { product: shortName(url), productTitle: shortName(url), version: '' }
}

function shortName(url: string): string {
  const parts = url
    .replace(/[?#].*$/, '')
    .split('/')
    .filter(Boolean)
  const file = parts.at(-1) ?? url
  return /^software\.cfg$|^release\.json$/.test(file) ? (parts.at(-2) ?? file) : file
}

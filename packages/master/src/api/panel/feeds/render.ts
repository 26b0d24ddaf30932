import { createHash } from 'node:crypto'
import type { SubjectItem } from '../../../queries/index.ts'

/** RSS 2.0 and OPML 2.0, in UTF-8; dates as RFC 822 has them, with the years of RFC 1123. */

export interface Channel {
  readonly title: string
  /** Where people look. */
  readonly link: string
  /** Where this is read. */
  readonly self: string
  readonly now: number
}

/** What is so since when: an item is another one when its colour or its moment is. */
export function rss({ title, link, self, now }: Channel, items: readonly SubjectItem[], web: string): string {
  const newest = items.reduce((latest, { status }) => Math.max(latest, status.since ?? 0), 0)
  return document(
    `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>${[
      element('title', title),
      element('link', link),
      element('description', `What works and what does not: ${title}`),
      element('language', 'en'),
      element('lastBuildDate', date(newest === 0 ? now : newest)),
      element('ttl', '1'),
      `<atom:link href="${escaped(self)}" rel="self" type="application/rss+xml"/>`,
      ...items.map((item) => entry(item, web)),
    ].join('')}</channel></rss>`,
  )
}

export function opml(
  title: string,
  now: number,
  feeds: readonly { readonly title: string; readonly url: string }[],
  web: string,
) {
  const outlines = feeds.map(
    (feed) =>
      `<outline text="${escaped(feed.title)}" title="${escaped(feed.title)}" type="rss" version="RSS" ` +
      `htmlUrl="${escaped(web)}" xmlUrl="${escaped(feed.url)}"/>`,
  )
  const head = element('title', title) + element('dateCreated', date(now)) + element('dateModified', date(now))
  return document(`<opml version="2.0"><head>${head}</head><body>${outlines.join('')}</body></opml>`)
}

function entry({ kind, reference, parent, title, parentTitle, status }: SubjectItem, web: string): string {
  const { color, word, reason, since } = status
  const label = LABELS[color]
  const name = parentTitle === '' ? title : `${title} on ${parentTitle}`
  const link =
    kind === 'installation' ? `${web}/servers/${parent}/software/${reference}` : `${web}/${kind}s/${reference}`
  const guid = createHash('sha256')
    .update(JSON.stringify([kind, parent, reference, color, since]))
    .digest('hex')
  return `<item>${[
    element('title', `[${label}] ${name}`),
    element('category', label),
    element('description', reason === '' ? word : `${word}: ${reason}`),
    element('link', link),
    `<guid isPermaLink="false">${guid}</guid>`,
    ...(since === null ? [] : [element('pubDate', date(since))]),
  ].join('')}</item>`
}

const LABELS = { red: 'ERROR', yellow: 'WARNING', green: 'OK', blue: 'BUSY', grey: 'OFF' } as const

const document = (root: string): string => `<?xml version="1.0" encoding="utf-8"?>\n${root}\n`
const element = (name: string, text: string): string => `<${name}>${escaped(text)}</${name}>`
const date = (at: number): string => new Date(at).toUTCString()

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Without what XML 1.0 cannot hold: most control characters, half characters. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')

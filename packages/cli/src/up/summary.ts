import { isAbsolute, join, relative } from 'node:path'
import { checkout } from './checkout.ts'

/** What a person needs to begin, printed when the cloud is up. */
export interface Summary {
  readonly panel: string
  readonly user: string
  readonly password: string
  readonly masterUrl: string
  /** How a person asks this cloud something in another shell. */
  readonly command: string
  readonly service: { readonly title: string; readonly url: string } | undefined
  readonly keepServices: boolean
}

export function formatSummary(summary: Summary): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Panel', summary.panel],
    ['User', summary.user],
    ['Password', summary.password],
    ['Master API', summary.masterUrl],
    ...(summary.service ? [[`Service ${summary.service.title}`, summary.service.url] as const] : []),
    ['In a shell', `${summary.command} service list`],
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)
  const ending = summary.keepServices
    ? 'Ctrl-C stops Master and agent; services go on.'
    : 'Ctrl-C stops everything; --keep-services leaves services running.'
  return `\n${lines.join('\n')}\n\n  ${ending}\n`
}

/** The `slapos` command, as short as it can be typed in that directory; a cloud that is not in `var/` is named. */
export function commandFor(home: string, directory: string): string {
  const program = join(checkout, 'node_modules/.bin/slapos')
  const near = relative(directory, program)
  const shown = near.startsWith('..') || isAbsolute(near) ? program : near
  return home === join(checkout, 'var') ? shown : `SLAPOS_HOME=${home} ${shown}`
}

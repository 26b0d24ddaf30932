/** What a person needs to begin, printed when the cloud is up. */
export interface Summary {
  readonly panel: string
  readonly user: string
  readonly password: string
  readonly masterUrl: string
  readonly clientConfiguration: string
  readonly service: { readonly title: string; readonly url: string } | undefined
  readonly keepServices: boolean
}

export function formatSummary(summary: Summary): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Panel', summary.panel],
    ['User', summary.user],
    ['Password', summary.password],
    ['Master API', summary.masterUrl],
    ['Client', `slapos service list --cfg ${summary.clientConfiguration}`],
    ...(summary.service ? [[`Service ${summary.service.title}`, summary.service.url] as const] : []),
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)
  const ending = summary.keepServices
    ? 'Ctrl-C stops Master and agent; services go on.'
    : 'Ctrl-C stops everything; --keep-services leaves services running.'
  return `\n${lines.join('\n')}\n\n  ${ending}\n`
}

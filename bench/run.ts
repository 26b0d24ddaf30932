/** `npm run bench [section...]`: measures, and prints a Markdown table a section, beside the existing system. */
import { formatRows, type Row } from './lib/table.ts'

interface Section {
  readonly title: string
  run(): Promise<readonly Row[]>
}

const sections: Readonly<Record<string, () => Promise<Section>>> = {
  'master-reads': () => import('./sections/master-reads.ts'),
  'master-requests': () => import('./sections/master-requests.ts'),
  panel: () => import('./sections/panel.ts'),
  screen: () => import('./sections/screen.ts'),
  slaves: () => import('./sections/slaves.ts'),
  cloud: () => import('./sections/cloud.ts'),
  passes: () => import('./sections/passes.ts'),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in sections))
if (unknown.length > 0) {
  process.stderr.write(`bench: no section ${unknown.join(', ')}; there are ${Object.keys(sections).join(', ')}\n`)
  process.exit(2)
}
for (const [name, load] of Object.entries(sections)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const begun = performance.now()
  const { title, run } = await load()
  const rows = await run()
  process.stdout.write(`\n### ${title}\n\n${formatRows(rows)}\n`)
  process.stderr.write(`bench: ${name} took ${((performance.now() - begun) / 1000).toFixed(0)} s\n`)
}

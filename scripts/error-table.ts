/**
 * Writes docs/errors.md from the catalogues of all packages: `node scripts/error-table.ts`. A test keeps the page true.
 */
import { glob, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ErrorDefinition, EXIT_MEANING } from '@slapos/base'

const root = join(import.meta.dirname, '..')
export const errorPage = join(root, 'docs/errors.md')

interface Row extends ErrorDefinition {
  readonly code: string
}

/** Every declared error, by package, sorted by code. */
export async function collectErrors(): Promise<ReadonlyMap<string, readonly Row[]>> {
  const packages = new Map<string, Row[]>()
  const files = await Array.fromAsync(
    glob(['packages/*/src/**/errors.ts', 'packages/base/src/versioned-file.ts'], { cwd: root }),
  )
  for (const file of files.sort()) {
    const name = file.split('/')[1] ?? ''
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(root, file)).href)
    for (const value of Object.values(module)) {
      if (!hasDefinitions(value)) continue
      const rows = packages.get(name) ?? []
      for (const [code, definition] of Object.entries(value.definitions)) rows.push({ code, ...definition })
      packages.set(name, rows)
    }
  }
  for (const rows of packages.values()) rows.sort((a, b) => (a.code < b.code ? -1 : 1))
  return packages
}

export function renderErrorPage(packages: ReadonlyMap<string, readonly Row[]>): string {
  const exits = Object.entries(EXIT_MEANING).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  const sections = [...packages].map(([name, rows]) =>
    [
      `## ${name}`,
      '',
      '| Code | HTTP | Exit | What it says | What to do |',
      '|---|---|---|---|---|',
      ...rows.map((row) => `| \`${row.code}\` | ${row.status} | ${row.exit} | ${cell(row.what)} | ${cell(row.next)} |`),
      '',
    ].join('\n'),
  )
  return [
    '# Errors and exit codes',
    '',
    'Every error says what failed, why, and what to do next, in one line; `--verbose` adds the stack. This page is made',
    'by `node scripts/error-table.ts`.',
    '',
    '| Exit code | Meaning |',
    '|---|---|',
    ...exits,
    '',
    ...sections,
  ].join('\n')
}

function hasDefinitions(value: unknown): value is { definitions: Readonly<Record<string, ErrorDefinition>> } {
  return typeof value === 'object' && value !== null && 'definitions' in value
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')
}

if (import.meta.main) await writeFile(errorPage, renderErrorPage(await collectErrors()))

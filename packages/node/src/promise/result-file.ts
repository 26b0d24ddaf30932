import type { PromiseReport } from '@slapos/slap'

/** Where classic tools look for the result of a promise, below the partition. */
export const resultPath = (name: string) => `.slapgrid/promise/result/${name}.status.json`

/** The text of that file, in the classic shape. */
export function resultText(report: PromiseReport): string {
  const date = `${new Date(report.checked).toISOString().slice(0, 19)}+0000`
  return JSON.stringify({
    title: report.name,
    name: report.name,
    path: `etc/promise/${report.name}`,
    'execution-time': Math.round(report.durationMs) / 1000,
    result: { type: 'Test Result', failed: !report.ok, date, message: report.message },
  })
}

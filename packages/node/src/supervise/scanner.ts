import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, messageOf, writeFileAtomic } from '@slapos/base'
import { superviseErrors } from './errors.ts'
import { type Layout, SCANNER_LOGGER } from './layout.ts'
import { commandScanner } from './s6-control.ts'
import type { MachineFacts } from './service-files.ts'
import { quote } from './shell.ts'
import { waitUntil } from './wait.ts'

export const scannerRuns = (layout: Layout): boolean => commandScanner(layout.scan, '')

/** The script that the machine's init runs, at a path that never changes: it starts the scanner, in the foreground. */
export const scannerScript = (layout: Layout): string => join(layout.base, 'start-scanner')

export async function writeScannerScript({ layout, runtime, cgroups = '' }: MachineFacts): Promise<void> {
  const words = ['exec', '/bin/sh', join(runtime, 'scanner.sh'), layout.base, cgroups].map(quote)
  await writeFileAtomic(scannerScript(layout), `#!/bin/sh\n${words.join(' ')}\n`, { mode: 0o755 })
}

/**
 * Starts the scanner in a session of its own: it survives us, and Ctrl-C does not reach it. When somebody else starts it at
 * the same time, one of the two goes away by itself.
 */
export async function startScanner(layout: Layout, clock: Clock): Promise<void> {
  if (scannerRuns(layout)) return
  const child = spawn(scannerScript(layout), {
    detached: true,
    stdio: 'ignore',
    env: {},
    cwd: '/',
  })
  let failure = ''
  child.on('error', (error) => (failure = messageOf(error)))
  child.on('exit', (code) => (failure = code === 0 ? '' : `it ended with exit code ${code ?? 'none'}`))
  child.unref()
  const started = await waitUntil(() => scannerRuns(layout) || failure !== '', 15_000, clock)
  if (!started || !scannerRuns(layout)) {
    const log = join(layout.log(SCANNER_LOGGER), 'current')
    const said = await readFile(log, 'utf8').catch(() => '')
    const reason = failure || said.trim().split('\n').at(-1) || 'it does not answer'
    throw superviseErrors.SCANNER_START({ directory: layout.base, reason, log })
  }
}

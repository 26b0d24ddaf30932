import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Clock, messageOf, writeFileAtomic } from '@slapos/base'
import { superviseErrors } from './errors.ts'
import { type Layout, SCANNER_LOGGER } from './layout.ts'
import { run } from './programs.ts'
import { commandScanner } from './s6-control.ts'
import type { MachineFacts } from './service-files.ts'
import { quote } from './shell.ts'
import { waitUntil } from './wait.ts'

export const scannerRuns = (layout: Layout): boolean => commandScanner(layout.scan, '')

/** The script that the machine's init runs, at a path that never changes: it starts the scanner, in the foreground. */
export const scannerScript = (layout: Layout): string => join(layout.base, 'start-scanner')

export async function writeScannerScript({ layout, runtime, cgroups = '' }: MachineFacts): Promise<void> {
  const words = ['exec', '/bin/sh', join(runtime, 'scanner.sh'), layout.base, cgroups].map(quote)
  await writeFileAtomic(scannerScript(layout), `#!/bin/sh\n${words.join(' ')} "$@"\n`, { mode: 0o755 })
}

/** The unit that the installer writes, and how one sees that systemd rules the machine. */
const UNIT = '/etc/systemd/system/slapos-services.service'
const RULED = '/run/systemd/system'

/**
 * Has systemd start the scanner where it has a unit for it: it is one owner then, who brings it back at once, and our own
 * end does not concern it.
 */
async function startByInit(layout: Layout, clock: Clock): Promise<boolean> {
  if (!existsSync(RULED)) return false
  const unit = await readFile(UNIT, 'utf8').catch(() => '')
  if (!unit.split('\n').includes(`ExecStart=${scannerScript(layout)}`)) return false
  const asked = await run('systemctl', ['start', '--no-block', basename(UNIT)]).then(
    () => true,
    () => false,
  )
  return asked && (await waitUntil(() => scannerRuns(layout), 10_000, clock))
}

/**
 * Starts the scanner, by ourselves in a session of its own: it survives us, and Ctrl-C does not reach it. When somebody else
 * starts it at the same time, one of the two goes away by itself.
 */
export async function startScanner(layout: Layout, clock: Clock): Promise<void> {
  if (scannerRuns(layout) || (await startByInit(layout, clock))) return
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

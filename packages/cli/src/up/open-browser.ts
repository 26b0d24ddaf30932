import { spawn } from 'node:child_process'
import type { Io } from '../io.ts'

/**
 * Shows an address in the browser of the desktop before which somebody sits: a terminal of this machine, with a display.
 * Never a reason to fail, or to wait: the address is printed, too.
 */
export function openInBrowser({ terminal, environment }: Pick<Io, 'terminal' | 'environment'>, address: string): void {
  const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, CI } = environment
  const display = (DISPLAY ?? '') !== '' || (WAYLAND_DISPLAY ?? '') !== ''
  if (!terminal || !display || SSH_CONNECTION !== undefined || CI !== undefined) return
  // `xdg-open` asks the desktop, which asks the person's own browser; `BROWSER` chooses another one.
  const child = spawn('xdg-open', [address], { detached: true, stdio: 'ignore', env: { ...environment } })
  child.once('error', () => {}) // no desktop's tools here
  child.unref()
}

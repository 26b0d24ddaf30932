import { closeSync, constants, openSync, writeSync } from 'node:fs'

/**
 * Commands to s6-supervise and s6-svscan: one letter each, written to their FIFO, as s6-svc and s6-svscanctl do. Up,
 * down, exit, once, and the signals that services reload by.
 */
export type SuperviseCommand = 'u' | 'd' | 'x' | 'o' | 'h' | '1' | '2' | 't' | 'k'

/** False: nobody supervises that directory. Never waits. */
export function command(serviceDirectory: string, letters: SuperviseCommand | 'dx' | 'xd'): boolean {
  return write(`${serviceDirectory}/supervise/control`, letters)
}

export function isSupervised(serviceDirectory: string): boolean {
  return write(`${serviceDirectory}/supervise/control`, '')
}

/** `a`: look at the scan directory again; `n`: end what is no longer in it; `t`: end everything, loggers included. */
export function commandScanner(scanDirectory: string, letters: 'a' | 'an' | 't' | ''): boolean {
  return write(`${scanDirectory}/.s6-svscan/control`, letters)
}

function write(fifo: string, letters: string): boolean {
  let descriptor: number
  try {
    descriptor = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    // ENXIO: nobody reads. ENOENT: nobody ever did.
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENXIO' || code === 'ENOENT') return false
    throw error
  }
  try {
    if (letters !== '') writeSync(descriptor, letters)
    return true
  } finally {
    closeSync(descriptor)
  }
}

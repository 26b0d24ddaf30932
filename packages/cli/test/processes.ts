import { readdir, readFile, readlink } from 'node:fs/promises'

export interface Found {
  readonly pid: number
  readonly line: string
}

/** Processes whose command line names that directory, or that work below it. */
export async function processes(directory: string): Promise<readonly Found[]> {
  const found: Found[] = []
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim()
    const place = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (line !== '' && (line.includes(directory) || place.startsWith(directory))) found.push({ pid, line })
  }
  return found
}

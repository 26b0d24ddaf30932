import { execFile } from 'node:child_process'
import { becoming } from '../../supervise/service-files.ts'
import type { RunAs } from '../../supervise/supervisor.ts'

/** Where a partition is, and as whom its programs run. */
export interface PartitionPlace {
  readonly directory: string
  readonly runAs: RunAs
  readonly userNamespaces: boolean
}

export interface CommandBounds {
  readonly seconds: number
  /** Of its output. */
  readonly bytes: number
}

const PATH = '/usr/local/bin:/usr/bin:/bin'

/**
 * The output of a program of the system that looks into a partition: with the partition's own rights, so that no link
 * leads further than its user gets anyway, as the least important work of the machine, and not for ever. Throws Error.
 */
export function readAsPartition(
  command: readonly string[],
  { directory, runAs, userNamespaces }: PartitionPlace,
  { seconds, bytes }: CommandBounds,
): Promise<string> {
  const drop = becoming(runAs, userNamespaces)
  const bounded = ['timeout', '-k', '2', String(seconds), 'nice', '-n', '19']
  const words = [...bounded, 'env', '-i', `-C${directory}`, `PATH=${PATH}`, 'LC_ALL=C', ...command]
  const [program = 'timeout', ...args] = drop === '' ? words : [...drop.split(' '), ...words]
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: '/', env: { PATH }, maxBuffer: bytes }, (error, output, complaint) => {
      if (error === null) resolve(output)
      else if (error.code === 124) reject(new Error(`it took longer than ${seconds} s`))
      else if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') reject(new Error(`it is more than ${bytes} bytes`))
      // `du` says what it could not enter, and a sum all the same.
      else if (output !== '') resolve(output)
      else reject(new Error(complaint.trim().split('\n').at(-1) || error.message))
    })
  })
}

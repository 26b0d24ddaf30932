import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const AGAIN_MS = 5000

/**
 * Calls back at each change of a global IPv6 address of the device, as the kernel tells it, and once at the beginning:
 * what came before nobody heard. Answers how to end it. It ends with us, however we end.
 */
export function monitorIpv6(ip: readonly string[], device: string, onChange: () => void): () => void {
  let end = () => {}
  const start = () => {
    const words = ['--pdeathsig', 'TERM', '--', ...ip, '-o', '-6', 'monitor', 'address']
    const child = spawn('setpriv', words, { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH, LC_ALL: 'C' } })
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name] = /^(?:Deleted )?\d+: ([^\s@]+)\S* +inet6 \S+ scope global/.exec(line) ?? []
      if (name === device) onChange()
    })
    let timer: NodeJS.Timeout | undefined
    child
      .on('error', () => {})
      .once('close', () => {
        timer = setTimeout(start, AGAIN_MS)
        timer.unref()
      })
    end = () => {
      child.removeAllListeners('close')
      clearTimeout(timer)
      child.kill()
    }
    child.once('spawn', onChange)
  }
  start()
  return () => end()
}

/** A bound on what runs at one time; waiters are served in order. */
export interface Slots {
  /** Resolves to the function that gives the slot back, or rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<() => void>
}

export function createSlots(count: number): Slots {
  let free = Math.max(1, count)
  const waiting: (() => void)[] = []
  const give = () => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
  const once = (callback: () => void) => {
    let done = false
    return () => {
      if (!done) callback()
      done = true
    }
  }
  return {
    async take(signal) {
      signal.throwIfAborted()
      if (free > 0) {
        free--
        return once(give)
      }
      return await new Promise((resolve, reject) => {
        const aborted = () => {
          waiting.splice(waiting.indexOf(served), 1)
          reject(signal.reason)
        }
        const served = () => {
          signal.removeEventListener('abort', aborted)
          resolve(once(give))
        }
        signal.addEventListener('abort', aborted, { once: true })
        waiting.push(served)
      })
    },
  }
}

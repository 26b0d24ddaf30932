import { setTimeout as sleep } from 'node:timers/promises'

/** Looks until it is so; answers what was found. The last failure or answer is in the error. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | false | undefined> | T | false | undefined,
  { seconds = 90 }: { readonly seconds?: number } = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    let last: unknown
    try {
      const found = await look()
      if (found !== false && found !== undefined) return found
      last = found
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) throw new Error(`not in ${seconds} s: ${what}`, { cause: last })
    await sleep(50)
  }
}

/** The body of a page, once it answers. */
export const page = async (url: string): Promise<string> =>
  (await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(30_000) })).text()

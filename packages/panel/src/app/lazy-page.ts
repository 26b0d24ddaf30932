import { lazyRouteComponent } from '@tanstack/react-router'

const AGAIN_MS = 2_000

/**
 * A page that is fetched when it is opened. While the Master cannot be reached it stays away, under the notice that
 * says so, and comes by itself afterwards; what the Master does not have any more (it was upgraded) makes the router
 * load the panel anew.
 */
export function lazyPage<T extends Record<string, unknown>, K extends keyof T>(load: () => Promise<T>, name: K) {
  return lazyRouteComponent(() => load().catch((error: unknown) => whenReachable(error, load)), name)
}

async function whenReachable<T>(error: unknown, load: () => Promise<T>): Promise<T> {
  if (await reachable()) throw error
  do await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  while (!(await reachable()))
  return load()
}

const reachable = (): Promise<boolean> =>
  fetch('/icon.svg', { cache: 'no-store' }).then(
    () => true,
    () => false,
  )

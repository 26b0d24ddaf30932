import { useSyncExternalStore } from 'react'
import { useLanguage } from '../text/text.ts'

/** One clock for all relative times on the screen. */
const listeners = new Set<() => void>()
let now = Date.now()
let timer: number | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= window.setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const UNITS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
  ['year', Number.POSITIVE_INFINITY],
] as const

export function relative(language: string, from: number, to: number): string {
  let amount = (to - from) / 1000
  for (const [unit, size] of UNITS) {
    if (Math.abs(amount) < size) {
      return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(Math.trunc(amount), unit)
    }
    amount /= size
  }
  return ''
}

/** `3 min. ago`, kept true. It steps by ten seconds below a minute: a ticking page is not calm. */
export function useRelative(): (at: number) => string {
  const language = useLanguage()
  const present = useSyncExternalStore(subscribe, () => Math.floor(now / 10_000) * 10_000)
  return (at) => relative(language, present, Math.min(at, present))
}

/** Seconds since, as `2:07`, kept true. */
export function useElapsed(): (since: number) => string {
  const present = useSyncExternalStore(subscribe, () => Math.floor(now / 1000) * 1000)
  return (since) => {
    const seconds = Math.max(0, Math.floor((present - since) / 1000))
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
    const two = (value: number) => String(value).padStart(2, '0')
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
  }
}

export function useDate(): (at: number) => string {
  const language = useLanguage()
  return (at) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

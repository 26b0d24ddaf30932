import { useState } from 'react'

/** State that survives a reload of the page, until it is forgotten. For this browser tab only. */
export function useDraft<T extends object>(name: string, initial: T): [T, (value: T) => void, () => void] {
  const key = `slapos-draft ${name}`
  const [value, setValue] = useState<T>(() => {
    try {
      return { ...initial, ...JSON.parse(sessionStorage.getItem(key) ?? '{}') }
    } catch {
      return initial
    }
  })
  const keep = (next: T) => {
    setValue(next)
    sessionStorage.setItem(key, JSON.stringify(next))
  }
  return [value, keep, () => sessionStorage.removeItem(key)]
}

import { useEffect, useRef } from 'react'

const TYPING = 'input,textarea,select,[contenteditable]'

/** A key, or two after each other (`g s`), that works unless somebody is typing. */
export function useShortcut(keys: string, action: () => void): void {
  const latest = useRef(action)
  latest.current = action
  useEffect(() => {
    const wanted = keys.split(' ')
    let typed: string[] = []
    let last = 0
    const listener = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest(TYPING)) return
      if (event.timeStamp - last > 900) typed = []
      last = event.timeStamp
      typed = [...typed, event.key].slice(-wanted.length)
      if (typed.join(' ') !== keys) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [keys])
}

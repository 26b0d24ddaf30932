import { Tabs } from '@mantine/core'
import { useEffect, useRef } from 'react'

/** The tabs of a page. On a narrow screen they scroll sideways; the one that is open is always in sight. */
export function TabList({
  tabs,
  active,
}: {
  readonly tabs: readonly (readonly [name: string, label: string])[]
  readonly active: string
}) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const tab = list.current?.querySelector(`[data-tab="${CSS.escape(active)}"]`)
    if (!list.current || !tab) return
    const [seen, wanted] = [list.current.getBoundingClientRect(), tab.getBoundingClientRect()]
    // Only sideways: the page stays where it is.
    list.current.scrollLeft += wanted.left + wanted.width / 2 - (seen.left + seen.width / 2)
  }, [active])
  return (
    <Tabs.List ref={list}>
      {tabs.map(([name, label]) => (
        <Tabs.Tab key={name} value={name} data-tab={name}>
          {label}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  )
}

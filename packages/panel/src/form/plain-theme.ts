import { Theme } from '@rjsf/mantine'
import type { ComponentType } from 'react'

/** What the library would show, by name; ours stand in front of these. */
export function plain<Props>(kind: 'templates' | 'widgets', name: string): ComponentType<Props> {
  const parts: Readonly<Record<string, unknown>> = Theme[kind] ?? {}
  const part = parts[name]
  if (!isComponent<Props>(part)) throw new Error(`the form library has no ${name}`)
  return part
}

const isComponent = <Props>(part: unknown): part is ComponentType<Props> => typeof part === 'function'

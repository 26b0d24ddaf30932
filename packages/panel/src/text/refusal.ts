import type { Problem } from '../api/client.ts'
import type { Say } from './saying.ts'

export interface Refusal {
  readonly message: string
  readonly next: string
}

type Texts = readonly [message: string, next: string] | undefined

/** A refusal in another language, by its code; what its parts say is translated as far as it is known. */
export function translateRefusal({ message, next, params }: Problem, texts: Texts, say: Say): Refusal {
  if (texts === undefined) return { message, next }
  const values = new Map(Object.entries({ message, ...params }).map(([name, value]) => [name, say(String(value))]))
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole)
  return { message: filled(texts[0]), next: filled(texts[1]) }
}

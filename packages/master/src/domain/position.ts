import type { Position } from '@slapos/slap'

export const positionOf = (epoch: string, number: number): Position => `${epoch}:${number}`

/** The number of a position in this epoch; undefined when it belongs to another history, or is no position. */
export function numberIn(epoch: string, position: Position | undefined): number | undefined {
  if (position === undefined) return undefined
  const cut = position.lastIndexOf(':')
  const digits = position.slice(cut + 1)
  return position.slice(0, cut) === epoch && /^\d{1,16}$/.test(digits) ? Number(digits) : undefined
}

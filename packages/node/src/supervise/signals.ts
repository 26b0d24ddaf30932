import { constants } from 'node:os'

const names = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name] as const))

/** `SIGKILL` of 9. */
export const signalName = (number: number): string => names.get(number) ?? `signal ${number}`

import { nodeErrors } from '../errors.ts'

/** Reads typed values of one section and reports what is wrong with them in one line. */
export interface SectionReader {
  text(option: string, fallback: string): string
  optional(option: string): string | undefined
  boolean(option: string, fallback: boolean): boolean
  integer(option: string, fallback: number, least: number, most: number): number
  number(option: string, fallback: number): number
  /** More than none. */
  seconds(option: string, fallback: number): number
  bytes(option: string, fallback: string): number
  /** Processors, `0.5` being half of one. */
  processors(option: string): number
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
}

export function sectionReader(path: string, section: string, values: Readonly<Record<string, string>>): SectionReader {
  const optional = (option: string): string | undefined => {
    const value = values[option]
    return value === undefined || value === '' ? undefined : value
  }
  const bad = (option: string, expected: string) =>
    nodeErrors.CONFIG_VALUE({ path, section, option, value: values[option] ?? '', expected })
  const number = (option: string, fallback: number): number => {
    const value = optional(option)
    if (value === undefined) return fallback
    const parsed = Number(value)
    if (!Number.isFinite(parsed)) throw bad(option, 'a number')
    return parsed
  }
  return {
    text: (option, fallback) => optional(option) ?? fallback,
    optional,
    number,
    boolean(option, fallback) {
      const value = optional(option)?.toLowerCase()
      if (value === undefined) return fallback
      if (['true', 'yes', 'on', '1'].includes(value)) return true
      if (['false', 'no', 'off', '0'].includes(value)) return false
      throw bad(option, '"True" or "False"')
    },
    seconds(option, fallback) {
      const value = number(option, fallback)
      if (value <= 0) throw bad(option, 'a number of seconds above 0')
      return value
    },
    processors(option) {
      const value = number(option, 0)
      if (value < 0.01 || value > 1024) throw bad(option, 'a number of processors from 0.01 to 1024')
      return value
    },
    integer(option, fallback, least, most) {
      const value = number(option, fallback)
      if (!Number.isInteger(value) || value < least || value > most) {
        throw bad(option, `an integer from ${least} to ${most}`)
      }
      return value
    },
    bytes(option, fallback) {
      const match = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(optional(option) ?? fallback)
      const unit = UNITS[match?.[2]?.toLowerCase() ?? ' ']
      if (!match || unit === undefined) throw bad(option, 'a size such as 1000M')
      return Math.round(Number(match[1]) * unit)
    },
  }
}

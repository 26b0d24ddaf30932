import { cliErrors } from '../errors.ts'

/** `key=value` words to a dictionary; a repeated key and a word without `=` are refused. */
export function parseAssignments(option: string, words: readonly string[] | undefined): Record<string, string> {
  const result: Record<string, string> = {}
  for (const word of words ?? []) {
    const at = word.indexOf('=')
    if (at < 1) throw cliErrors.BAD_ASSIGNMENT({ option, word })
    const key = word.slice(0, at)
    if (Object.hasOwn(result, key)) throw cliErrors.REPEATED_KEY({ option, key })
    result[key] = word.slice(at + 1)
  }
  return result
}

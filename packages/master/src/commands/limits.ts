import { call, type DataOptions } from './call.ts'
import { finish, type Output, table } from './output.ts'

/** `slapos master limit list` */
export const listLimits = (options: DataOptions & { readonly json?: boolean }, output: Output): Promise<number> =>
  finish(output, async () => {
    const limits = await call(options, { name: 'listLimits', ask: {} })
    if (options.json) output.out(JSON.stringify(limits))
    else {
      const rows = limits.flatMap(({ name, value, exceptions }) => [
        [name, String(value), ''],
        ...exceptions.map((each) => [name, String(each.value), each.reference]),
      ])
      table(output, ['LIMIT', 'VALUE', 'ONLY FOR'], rows)
    }
    return undefined
  })

/** `slapos master limit set NAME VALUE [--for REFERENCE]` */
export const setLimit = (
  options: DataOptions & { readonly name: string; readonly value: number; readonly of?: string },
  output: Output,
): Promise<number> =>
  finish(output, async () => {
    const { name, value, of } = options
    await call(options, { name: 'setLimit', ask: { name, value, ...(of !== undefined && { of }) } })
    output.out(`${name} is ${value} for ${of ?? 'everybody without a limit of his own'}`)
    return undefined
  })

import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Beside the program, as trusted as it is: the default is a directory that every user of the machine may fill.
enableCompileCache(
  process.env['NODE_COMPILE_CACHE'] ?? join(import.meta.dirname, '../../../node_modules/.cache/slapos'),
)
const { outliveReaders, processIo } = await import('./io.ts')
const { run } = await import('./run.ts')
const { buildProgram } = await import('./program.ts')

outliveReaders()
process.exitCode = await run(processIo, process.argv.slice(2), async (argv) => {
  let code = 0
  const program = buildProgram(processIo, (value) => {
    code = value
  })
  await program.parseAsync(argv, { from: 'user' })
  return code
})

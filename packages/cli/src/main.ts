import { enableCompileCache } from 'node:module'

enableCompileCache()
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

import { Command } from 'commander'
import type { Finish } from './finish.ts'
import type { Io } from './io.ts'

/** `slapos release ...`: for authors of software releases. */
export function addReleaseCommands(program: Command, io: Io, finish: Finish): void {
  program.addCommand(
    new Command('release')
      .helpGroup('Set-up:')
      .description('tools for authors of software releases')
      .addCommand(
        new Command('check')
          .description('validate a release and dry-run its instances')
          .argument('<directory>')
          .action(async (directory: string) => {
            const { checkRelease, describeCheck } = await import('@slapos/release/check.ts')
            io.out(`${describeCheck(await checkRelease(directory)).trimEnd()}\n`)
            finish(0)
          }),
      ),
  )
}

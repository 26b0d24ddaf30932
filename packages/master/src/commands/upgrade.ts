import { databaseUrl } from '../server/data-directory.ts'
import { lockDirectory } from '../server/lock.ts'
import { keepBeforeUpgrade } from '../server/upgrade.ts'
import { VERSION } from '../server/version.ts'
import { openStore } from '../store/index.ts'
import { type DataOptions, preparedFiles } from './call.ts'
import { finish, type Output } from './output.ts'

/** `slapos master upgrade`: brings the database of a stopped Master to this version. `start` does the same by itself. */
export const upgradeMaster = (options: DataOptions, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = await preparedFiles(options.dataDirectory)
    const release = await lockDirectory(files.directory)
    try {
      const { steps, backup } = await keepBeforeUpgrade(files, options.database)
      if (backup !== undefined) output.out(`the state before is kept in ${backup}`)
      await (await openStore({ url: databaseUrl(files, options.database) })).close()
      for (const step of steps) output.out(`done: ${step}`)
      output.out(`the database is of version ${VERSION}`)
    } finally {
      await release()
    }
    return undefined
  })

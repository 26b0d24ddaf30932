import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { makeBackup, restoreBackup } from '../server/backup.ts'
import { prepareDataDirectory } from '../server/data-directory.ts'
import { serverErrors } from '../server/errors.ts'
import { lockDirectory } from '../server/lock.ts'
import { type DataOptions, preparedFiles } from './call.ts'
import { finish, type Output } from './output.ts'

type FileOptions = DataOptions & { readonly file: string }

/** `slapos master backup FILE`, while the Master runs or not. */
export const backupMaster = ({ dataDirectory, database, file }: FileOptions, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = await preparedFiles(dataDirectory)
    await makeBackup({ files, file, ...(database !== undefined && { database }) })
    output.out(`${resolve(file)} holds the Master of ${files.directory}; keep it secret: it holds the keys`)
    return undefined
  })

/** `slapos master restore FILE`, into an empty data directory. A new epoch begins: every node fetches everything anew. */
export const restoreMaster = ({ dataDirectory, database, file }: FileOptions, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = await prepareDataDirectory(dataDirectory)
    const release = await lockDirectory(files.directory)
    try {
      if ((await readdir(files.directory)).length > 0) throw serverErrors.ALREADY_PREPARED({ path: files.directory })
      const epoch = await restoreBackup({ files, file, ...(database !== undefined && { database }) })
      output.out(`restored into ${files.directory}; epoch ${epoch} begins`)
    } finally {
      await release()
    }
    return undefined
  })

import { access } from 'node:fs/promises'
import { silentLogger } from '@slapos/base'
import { type AdminCalls, type AdminName, type AdminRequest, runAdmin } from '../server/admin.ts'
import { askRunning } from '../server/control.ts'
import { openCore } from '../server/core.ts'
import { type DataFiles, dataFiles } from '../server/data-directory.ts'
import { serverErrors } from '../server/errors.ts'
import { lockDirectory } from '../server/lock.ts'

export interface DataOptions {
  readonly dataDirectory: string
  readonly database?: string
}

/** The files of a Master that was made. Throws NOT_PREPARED. */
export async function preparedFiles(dataDirectory: string): Promise<DataFiles> {
  const files = dataFiles(dataDirectory)
  await access(files.root).catch((error: unknown) => {
    throw serverErrors.NOT_PREPARED({ path: dataDirectory }, error)
  })
  return files
}

/** Does it through the Master that runs on the directory, or directly when none does. */
export async function call<K extends AdminName>(
  { dataDirectory, database }: DataOptions,
  request: AdminRequest<K>,
): Promise<AdminCalls[K]['answer']> {
  const files = dataFiles(dataDirectory)
  const answered = await askRunning(files, request)
  if (answered) return answered.value as AdminCalls[K]['answer'] // the same program answers the same call
  await preparedFiles(dataDirectory)
  const release = await lockDirectory(dataDirectory)
  try {
    const core = await openCore({ files, logger: silentLogger, ...(database === undefined ? {} : { database }) })
    try {
      return await runAdmin(core, request)
    } finally {
      await core.close()
    }
  } finally {
    await release()
  }
}

import { access } from 'node:fs/promises'
import { silentLogger } from '@slapos/base'
import { runAdmin } from '../server/admin.ts'
import { openCore } from '../server/core.ts'
import { prepareDataDirectory } from '../server/data-directory.ts'
import { serverErrors } from '../server/errors.ts'
import { lockDirectory } from '../server/lock.ts'
import type { DataOptions } from './call.ts'
import { newPassword } from './new-password.ts'
import { finish, type Output } from './output.ts'

export interface InitOptions extends DataOptions {
  /** Default `admin`. */
  readonly login?: string
  /** Default: made here and printed once. */
  readonly password?: string
  readonly name?: string
  readonly email?: string
  readonly project?: string
}

/** `slapos master init`: data directory, authority, database, first user and first project. */
export const initMaster = (options: InitOptions, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = await prepareDataDirectory(options.dataDirectory)
    const prepared = await access(files.root).then(
      () => true,
      () => false,
    )
    if (prepared) throw serverErrors.ALREADY_PREPARED({ path: files.directory })
    const release = await lockDirectory(files.directory)
    try {
      const opened = { files, logger: silentLogger }
      const core = await openCore({
        ...opened,
        ...(options.database !== undefined && { database: options.database }),
      })
      const { login = 'admin', password = newPassword(), name, email, project } = options
      const ask = {
        ...{ login, password, operator: true },
        ...(name !== undefined && { name }),
        ...(email !== undefined && { email }),
        ...(project !== undefined && { project }),
      }
      await runAdmin(core, { name: 'addUser', ask }).finally(() => core.close())
      output.out(`Master prepared in ${files.directory}`)
      output.out(`user: ${login}`)
      if (options.password === undefined) output.out(`password: ${password}`)
      const database = options.database === undefined ? '' : ` --database ${options.database}`
      output.out(`start it with: slapos master start --data-directory ${files.directory}${database}`)
    } finally {
      await release()
    }
    return undefined
  })

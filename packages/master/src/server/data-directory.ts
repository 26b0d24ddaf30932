import { constants } from 'node:fs'
import { access, chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory, messageOf } from '@slapos/base'
import { serverErrors } from './errors.ts'

/** Where a Master keeps what. */
export interface DataFiles {
  readonly directory: string
  readonly state: string
  readonly telemetry: string
  readonly pki: string
  readonly root: string
  /** What runs: URLs and process, for `slapos master status`. */
  readonly running: string
  /** When the last backup was made. */
  readonly lastBackup: string
  /** Unix socket, 0600: commands to the Master that runs. */
  readonly control: string
}

export const dataFiles = (directory: string): DataFiles => ({
  directory,
  state: join(directory, 'state.db'),
  telemetry: join(directory, 'telemetry.db'),
  pki: join(directory, 'pki'),
  root: join(directory, 'pki', 'root.crt'),
  running: join(directory, 'master.json'),
  lastBackup: join(directory, 'last-backup.json'),
  control: join(directory, 'control.sock'),
})

/** The address of the database: the one given, else the embedded one. */
export const databaseUrl = ({ state }: DataFiles, given?: string): string => given ?? `sqlite:${state}`

/** Makes it, private to this user. Throws DATA_UNWRITABLE. */
export async function prepareDataDirectory(directory: string): Promise<DataFiles> {
  try {
    if (await makeDirectory(directory, 0o700)) await chmod(directory, 0o700)
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw serverErrors.DATA_UNWRITABLE({ path: directory, reason: messageOf(error) }, error)
  }
  return dataFiles(directory)
}

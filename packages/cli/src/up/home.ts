import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeDirectory, readVersioned, writeVersioned } from '@slapos/base'
import { cliErrors } from '../errors.ts'

/** Where everything of a cloud on one machine lives (docs/architecture.md has the table). */
export interface Home {
  readonly root: string
  readonly cloudFile: string
  readonly master: string
  readonly client: string
  readonly node: string
  readonly nodeConfiguration: string
  readonly runtime: string
  readonly logs: string
}

export function homeAt(root: string): Home {
  const path = resolve(root)
  return {
    root: path,
    cloudFile: join(path, 'cloud.json'),
    master: join(path, 'master'),
    client: join(path, 'client'),
    node: join(path, 'node'),
    nodeConfiguration: join(path, 'node/etc/opt/slapos/slapos.cfg'),
    runtime: join(path, 'runtime'),
    logs: join(path, 'log'),
  }
}

/** What `cloud.json` tells people and programs. Unknown fields are kept. */
export interface CloudFile {
  readonly cloud_id: string
  readonly master_url: string
  readonly panel_url: string
  readonly user: string
  readonly password: string
  readonly client_cfg: string
  readonly computer: string
}

const FORMAT = 1

export async function prepareHome(home: Home): Promise<void> {
  try {
    await makeDirectory(home.root, 0o755)
    for (const path of [home.master, home.client]) await makeDirectory(path, 0o700)
    for (const path of [home.node, home.runtime, home.logs]) await makeDirectory(path, 0o755)
    accessSync(home.root, constants.W_OK)
  } catch (error) {
    throw cliErrors.HOME_NOT_WRITABLE({ path: home.root, reason: (error as Error).message }, error)
  }
}

export async function readCloudFile(home: Home): Promise<Partial<CloudFile>> {
  const record = (await readVersioned(home.cloudFile, FORMAT)) ?? {}
  const text = (key: string) => (typeof record[key] === 'string' ? { [key]: record[key] } : {})
  const keys = ['cloud_id', 'master_url', 'panel_url', 'user', 'password', 'client_cfg', 'computer']
  return Object.assign({}, ...keys.map(text))
}

export async function writeCloudFile(home: Home, cloud: Partial<CloudFile>): Promise<void> {
  const before = (await readVersioned(home.cloudFile, FORMAT)) ?? {}
  await writeVersioned(home.cloudFile, FORMAT, { ...before, ...cloud, format: FORMAT }, { mode: 0o600 })
}

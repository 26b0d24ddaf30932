import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type IniSections, parseIni } from '@slapos/node/config/ini.ts'
import { cliErrors } from '../errors.ts'

/** slapos-client.cfg: the file of the existing client, and `[trust] ca_file` (ours: theirs verifies no server). */
export interface ClientConfig {
  readonly path: string
  readonly masterUrl: string
  readonly certificate: string
  readonly key: string
  /** PEM of the authority to verify the Master against; absent for a classic Master: then nothing is verified. */
  readonly ca: string | undefined
}

export async function readClientConfig(path: string): Promise<ClientConfig> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? cliErrors.CLIENT_NOT_CONFIGURED({ path }, error) : error
  })
  const sections = parseIni(text, path)
  const near = (file: string) => resolve(dirname(path), file.replace(/^~(?=\/)/, homedir()))
  const need = (section: string, key: string) => {
    const value = sections[section]?.[key]
    if (!value) throw cliErrors.CLIENT_CONFIG_INCOMPLETE({ path, section, key })
    return value
  }
  return {
    path,
    masterUrl: need('slapos', 'master_url'),
    certificate: await readFile(near(need('slapconsole', 'cert_file')), 'utf8'),
    key: await readFile(near(need('slapconsole', 'key_file')), 'utf8'),
    ca: await readCa(sections, near),
  }
}

async function readCa(sections: IniSections, near: (file: string) => string): Promise<string | undefined> {
  const file = sections['trust']?.['ca_file']
  return file ? await readFile(near(file), 'utf8') : undefined
}

/** The text of a new slapos-client.cfg beside its certificate files. */
export function formatClientConfig(masterUrl: string, withCa: boolean): string {
  const lines = [
    '[slapos]',
    `master_url = ${masterUrl}`,
    '',
    '[slapconsole]',
    'cert_file = client.crt',
    'key_file = client.key',
  ]
  if (withCa)
    lines.push('', '# The Master is verified against this authority, and no other.', '[trust]', 'ca_file = ca.crt')
  return `${lines.join('\n')}\n`
}

export const clientFiles = (directory: string) => ({
  config: join(directory, 'slapos-client.cfg'),
  certificate: join(directory, 'client.crt'),
  key: join(directory, 'client.key'),
  ca: join(directory, 'ca.crt'),
})

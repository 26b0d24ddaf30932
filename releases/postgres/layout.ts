import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Layout {
  /** Directory of postgres, initdb, psql. */
  readonly binaries: string
  /** LD_LIBRARY_PATH for them: the libraries came with them. */
  readonly libraries: string
}

/** Where Debian's packages put things, below the release; before the build, where they are expected. */
export function findLayout(release: string): Layout {
  const root = join(release, 'debian')
  const version = newest(join(root, 'usr/lib/postgresql')) ?? '15'
  const triplet = entries(join(root, 'usr/lib')).find((name) => name.endsWith('-linux-gnu')) ?? 'x86_64-linux-gnu'
  return {
    binaries: join(root, 'usr/lib/postgresql', version, 'bin'),
    libraries: [join(root, 'usr/lib', triplet), join(root, 'lib', triplet)].join(':'),
  }
}

function newest(folder: string): string | undefined {
  return entries(folder)
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a))[0]
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

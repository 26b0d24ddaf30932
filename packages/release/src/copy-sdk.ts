import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { basename, dirname, extname, join, relative } from 'node:path'
import { SDK_IN_RELEASE, validatorFolders } from './sdk-location.ts'

/** Where the JavaScript of a built release's TypeScript lies, so that no run has to strip types again. */
export const STRIPPED_IN_RELEASE = '.slapos/stripped'

/**
 * Copies the SDK, its runner and the schema validator into a release that is being built, as JavaScript, so that the
 * release keeps running on the SDK that it was built with; and makes `@slapos/release` resolve to it for services.
 */
export async function copySdk(release: string): Promise<void> {
  const here = import.meta.dirname
  const target = join(release, SDK_IN_RELEASE)
  await rm(join(release, '.slapos'), { recursive: true, force: true })
  for (const path of [...(await sources(here, 'sdk')), ...(await sources(here, 'runner')), 'controller.ts']) {
    const stripped = stripTypeScriptTypes(await readFile(join(here, path), 'utf8'))
    await put(join(target, `${path.slice(0, -3)}.js`), stripped.replace(/(from '\.[^']*)\.ts'/g, "$1.js'"))
  }
  const exports = { '.': './sdk/index.js', './controller': './controller.js' }
  await put(join(target, 'package.json'), JSON.stringify({ name: '@slapos/release', type: 'module', exports }, null, 2))
  for (const folder of await validatorFolders()) {
    await cp(folder, join(target, 'node_modules', basename(folder)), {
      recursive: true,
      dereference: true,
      filter: (source) => source === folder || keep(source),
    })
  }
  const link = join(release, 'node_modules/@slapos/release')
  await mkdir(dirname(link), { recursive: true })
  await rm(link, { recursive: true, force: true })
  await symlink(relative(dirname(link), target), link)
  await stripRelease(release)
}

/** Leaves out what only people and compilers read. */
function keep(path: string): boolean {
  return !/(\.ts|\.map|\.md|\.test\.js|\/(test|benchmark|spec|\.github))$/.test(path)
}

/** A TypeScript file that cannot be stripped is left to Node, whose message is the better one. */
async function stripRelease(release: string): Promise<void> {
  for (const path of await sources(release, '.')) {
    const file = join(release, path)
    let stripped: string
    try {
      stripped = stripTypeScriptTypes(await readFile(file, 'utf8'))
    } catch {
      continue
    }
    await put(join(release, STRIPPED_IN_RELEASE, path), stripped)
  }
}

/** TypeScript files below a folder, relative to `root`; neither tests nor what others made. */
async function sources(root: string, folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.') && entry.name !== 'debian') {
        found.push(...(await sources(root, path)))
      }
    } else if (entry.isFile() && extname(path) === '.ts' && !/\.(test|d)\.ts$/.test(path)) found.push(path)
  }
  return found
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSlapError, Mutex } from '@slapos/base'
import type { BuildStep } from '@slapos/release'
import { programOf, runCommand } from '../command.ts'
import type { BuildContext } from '../context.ts'
import { buildErrors } from '../errors.ts'
import { baseStatus } from './apt-status.ts'

/** Package lists younger than this are not fetched again, milliseconds. */
const FRESH = 6 * 3600 * 1000
/** One apt at a time in the shared cache. */
const turn = new Mutex()

/**
 * Unpacks Debian packages and the libraries they need into the release. apt works in directories of its own, with the
 * host's sources and keys and a package database that knows the essential packages only: it resolves, downloads and
 * verifies, without root and without touching the host. No maintainer script runs.
 */
export async function runAptStep(context: BuildContext, step: Extract<BuildStep, { type: 'apt' }>): Promise<void> {
  const { packages, into = 'debian', without = [] } = step
  const target = join(context.directory, into)
  await runCommand(context, ['mkdir', '-p', target])
  const archives = await turn.run(() => fetchPackages(context, packages, without))
  const dpkgDeb = programOf(context, 'dpkg-deb')
  for (const archive of archives) {
    context.say(`Unpacking ${archive.slice(archive.lastIndexOf('/') + 1)}`)
    await runCommand(context, [dpkgDeb, '--extract', archive, target], { capture: true })
  }
}

async function fetchPackages(
  context: BuildContext,
  packages: readonly string[],
  without: readonly string[],
): Promise<readonly string[]> {
  const { cache, step } = context
  const root = join(cache, 'apt')
  const archives = join(root, 'archives')
  await mkdir(join(root, 'lists/partial'), { recursive: true })
  await mkdir(join(archives, 'partial'), { recursive: true })
  // apt's own output and downloads are ours, not the build user's: they are shared by every release.
  const ours: BuildContext = { ...context, prefix: ['nice', '-n', '10'] }
  const apt = programOf(context, 'apt-get')
  const architecture = (
    await runCommand(ours, [programOf(context, 'dpkg'), '--print-architecture'], { capture: true })
  ).trim()
  const status = join(root, 'status')
  await writeFile(status, baseStatus(await readFile('/var/lib/dpkg/status', 'utf8'), without, architecture))
  const options = [
    `Dir::State=${root}`,
    `Dir::State::lists=${join(root, 'lists')}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${root}`,
    `Dir::Cache::archives=${archives}`,
    `Dir::Log=${root}`,
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    // Only root has the right to become another user, and the directories are his own.
    `APT::Sandbox::User=${process.getuid?.() === 0 ? 'root' : ''}`,
    'APT::Get::AllowUnauthenticated=false',
    'APT::Install-Recommends=false',
    'APT::Install-Suggests=false',
    'APT::Keep-Downloaded-Packages=true',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
    'DPkg::Pre-Install-Pkgs::=',
  ].flatMap((option) => ['-o', option])
  const run = async (args: readonly string[], capture: boolean) => {
    const heard: string[] = []
    const say = (line: string) => {
      heard.push(line)
      ours.say(line)
    }
    try {
      return await runCommand({ ...ours, say }, [apt, ...options, '--quiet=2', '--yes', ...args], {
        capture,
        shown: `apt-get ${args.join(' ')}`,
      })
    } catch (error) {
      if (!isSlapError(error)) throw error
      const reason =
        heard
          .filter((line) => /^(E|W):/.test(line))
          .slice(0, 3)
          .join(' ') || error.message
      throw buildErrors.BUILD_APT({ step, reason }, error)
    }
  }

  const stamp = join(root, 'updated')
  const updated = await stat(stamp).catch(() => undefined)
  const update = async () => {
    await run(['update', '--error-on=any'], false)
    await writeFile(stamp, '')
  }
  if (!updated || Date.now() - updated.mtimeMs > FRESH) await update()
  const install = ['install', ...packages]
  try {
    await run([...install, '--download-only'], false)
  } catch (error) {
    // A package that was replaced since the lists were fetched is gone from the mirror.
    if (!updated) throw error
    await update()
    await run([...install, '--download-only'], false)
  }
  const simulated = await run([...install, '--simulate'], true)
  return await Promise.all(
    [...simulated.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) .*\[(\w+)\]\)/gm)].map(async (match) => {
      const [, name = '', version = '', arch = ''] = match
      const shared = join(archives, `${name.replace(/:.*$/, '')}_${version.replaceAll(':', '%3a')}_${arch}.deb`)
      // The build user may not reach the cache: he gets a copy of what he unpacks.
      if (!context.buildUser) return shared
      const copy = join(context.directory, '.build/tmp', shared.slice(shared.lastIndexOf('/') + 1))
      await copyFile(shared, copy)
      return copy
    }),
  )
}
